//! Sites that no table names: made by published rules, the same each time.

use super::shapes::ShapeDraft;
use crate::{checks, law::rounded, reader::Context};
use chance::{Cause, Chance, Law, Sampler, TICKS_PER_SECOND, law::SHARES_TOLERANCE, unit};
use domain::{
    City, Place,
    city::{CitySite, District, Position, narrowing},
};

/// Any number would do, as long as it never changes: cities without a table would have other sites.
const SEED: u64 = 20_220_404;
/// One site for 2,000 to 3,000 residents, where nothing is said: "Technical guide to the organisation of mass testing"
/// as reported in September 2021.
const RESIDENTS_PER_SITE: f64 = 2_500.0;
/// Made sites of one city; a table may name more.
const SITES_MAX: f64 = 1_000_000.0;
/// Kilometres in a degree of latitude.
const KM_PER_DEGREE: f64 = 111.2;

/// How sites are made.
pub(super) struct SiteRule {
    /// All who live in the city.
    pub residents: Option<u64>,
    /// Residents of a site, on average, and how much they vary.
    pub mean: Option<f64>,
    pub cv: f64,
    /// Where the file says how many live in the city.
    pub place: Place,
}

/// Shares the city's residents out over its districts, by what the table says of them; those of which it says nothing get
/// equal parts of what is left. The sum is exact.
pub(super) fn share_out(districts: &mut [District], residents: Option<u64>) {
    let Some(all) = residents else { return };
    let known: u64 = districts.iter().map(|district| district.residents).sum();
    let silent = districts.iter().filter(|district| district.residents == 0).count() as u64;
    if silent > 0 {
        let rest = all.saturating_sub(known).max(silent);
        let of_none = districts.iter_mut().filter(|district| district.residents == 0);
        of_none.for_each(|district| district.residents = rest / silent);
    }
    let weights: Vec<u64> = districts.iter().map(|district| district.residents).collect();
    for (district, residents) in districts.iter_mut().zip(in_parts(all, &weights)) {
        district.residents = residents;
    }
}

/// A number in parts by weights; the parts sum to it exactly.
fn in_parts(all: u64, weights: &[u64]) -> Vec<u64> {
    let sum: u128 = weights.iter().map(|&weight| u128::from(weight)).sum();
    let (mut weight, mut given) = (0u128, 0u64);
    let part = |&own: &u64| {
        weight += u128::from(own);
        let upto = (u128::from(all) * weight / sum.max(1)) as u64;
        let part = upto - given;
        given = upto;
        part
    };
    weights.iter().map(part).collect()
}

/// Makes the sites of all districts.
pub(super) fn make(
    context: &Context<'_>,
    city: &mut City,
    rule: &SiteRule,
    drafts: &[ShapeDraft],
    shapes_at: &Place,
) {
    let residents: u64 = city.districts.iter().map(|district| district.residents).sum();
    if residents == 0 {
        context.error(&rule.place, "city_nobody_lives", &[]);
        return;
    }
    let mean = rule.mean.unwrap_or(RESIDENTS_PER_SITE);
    if residents as f64 / mean > SITES_MAX {
        context.error(&rule.place, "city_too_many_sites", &[("max", &SITES_MAX)]);
        return;
    }
    let sum: f64 = drafts.iter().map(|draft| draft.share).sum();
    if drafts.len() > 1 && (sum - 1.0).abs() > SHARES_TOLERANCE {
        context.error(shapes_at, "city_shapes_sum", &[("sum", &rounded(sum))]);
        return;
    }
    let size = Sampler::compile(&Law::lognormal_mean_cv(mean, rule.cv));
    let mut number = 0;
    for (district, of) in (0u32..).zip(&city.districts) {
        let District { name, residents, centre, radius_km, .. } = of;
        let count = (*residents as f64 / mean).round().max(1.0) as u32;
        let weights: Vec<u64> = (number..number + count)
            .map(|site| {
                let word = Chance::new(SEED, site, 0).word(Cause::Site, 0, 0);
                (size.draw(word).max(TICKS_PER_SECOND)) as u64
            })
            .collect();
        for (place, residents) in (1..).zip(in_parts(*residents, &weights)) {
            let word = Chance::new(SEED, number, 0).word(Cause::Site, 0, 1);
            city.sites.push(CitySite {
                name: format!("{name} {place}"),
                district,
                shape: shape_of(unit(word), drafts),
                residents: u32::try_from(residents).unwrap_or(u32::MAX),
                position: centre.map(|centre| around(centre, *radius_km, number)),
            });
            number += 1;
        }
    }
    say_overloaded(context, city, drafts);
}

/// The shape that a number from 0 to 1 means.
fn shape_of(at: f64, drafts: &[ShapeDraft]) -> u32 {
    let mut below = 0.0;
    let chosen = drafts.iter().position(|draft| {
        below += draft.share;
        at < below
    });
    chosen.unwrap_or(drafts.len() - 1) as u32
}

/// Somewhere in a district, as even as chance is.
pub(super) fn around(centre: Position, radius_km: f64, site: u32) -> Position {
    let [_, _, far, angle] = Chance::new(SEED, site, 0).block(Cause::Site, 0, 0);
    let away = radius_km * unit(far).sqrt() / KM_PER_DEGREE;
    let angle = unit(angle) * std::f64::consts::TAU;
    Position {
        latitude: centre.latitude + away * libm::sin(angle),
        longitude: centre.longitude + away * libm::cos(angle) / narrowing(centre.latitude).max(0.1),
    }
}

/// Shapes with sites to which more people come than can be served before they close.
fn say_overloaded(context: &Context<'_>, city: &City, drafts: &[ShapeDraft]) {
    let share = city.arrivals.share();
    let hours = city.arrivals.share_per_hour.len() as i64 * 3_600 * TICKS_PER_SECOND;
    for (number, draft) in (0u32..).zip(drafts) {
        let shape = &draft.shape;
        let until = shape.closes.map_or(hours, |closes| closes - shape.opens);
        let Some((most, station)) = checks::people_at_most(&shape.site, until) else { continue };
        let of_shape = city.sites.iter().filter(|site| site.shape == number);
        let over = of_shape.filter(|site| f64::from(site.residents) * share > most).count();
        if over > 0 {
            let most = most.floor();
            let args: [(&'static str, &dyn std::fmt::Display); 4] =
                [("shape", &shape.name), ("sites", &over), ("most", &most), ("station", &station)];
            context.warning(&draft.place, "city_shape_overloaded", &args);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_sum_to_the_whole() {
        assert_eq!(in_parts(100, &[1, 1, 1]), [33, 33, 34]);
        assert_eq!(in_parts(7, &[0, 5, 0]), [0, 7, 0]);
        assert_eq!(in_parts(25_665_000, &[3, 9, 11]).iter().sum::<u64>(), 25_665_000);
    }

    #[test]
    fn a_made_site_stands_in_its_district() {
        let centre = Position { latitude: 31.2, longitude: 121.5 };
        for site in 0..1_000 {
            assert!(around(centre, 8.0, site).km_to(centre) < 8.01);
        }
    }
}
