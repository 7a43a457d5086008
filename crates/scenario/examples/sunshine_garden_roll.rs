//! Writes the roll of the example `sunshine-garden`: 16 buildings of 3 entrances, 32 doors behind each, and 3,948
//! residents who do not exist. The same bytes each time.
//!
//! `cargo run -p scenario --example sunshine_garden_roll`

use std::fmt::Write;
use std::path::Path;

/// The roll as CSV in UTF-8 with a byte order mark, so that every spreadsheet program opens it rightly.
pub fn roll() -> String {
    let mut chance = Chance(20_220_328);
    let sizes = sizes(&mut chance);
    let mut out = "\u{feff}楼栋,单元,室号,姓名,人员类别\n".to_owned();
    let mut resident = 0;
    for (household, &size) in (0..).zip(&sizes) {
        let household: u32 = household;
        let entrance = household / DOORS;
        let (building, entrance) = (entrance / ENTRANCES + 1, entrance % ENTRANCES + 1);
        let (floor, side) = (household % DOORS / 2 + 1, household % 2 + 1);
        let marks = household_marks(size, &mut chance);
        for marks in marks {
            resident += 1;
            let marks = marks.join("、");
            writeln!(out, "{building}号楼,{entrance}单元,{floor}{side:02},居民{resident:04},{marks}")
                .expect("writing to a string cannot fail");
        }
    }
    out
}

const BUILDINGS: u32 = 16;
const ENTRANCES: u32 = 3;
/// Doors behind an entrance: 16 floors, two to a landing.
const DOORS: u32 = 32;
const PEOPLE: u32 = 3_948;

/// The number of residents of each household: 1 to 6, about 2.6 in the mean, and 3,948 in all.
fn sizes(chance: &mut Chance) -> Vec<u32> {
    let households = BUILDINGS * ENTRANCES * DOORS;
    let mut sizes: Vec<u32> = (0..households)
        .map(|_| match chance.percent() {
            0..20 => 1,
            20..52 => 2,
            52..80 => 3,
            80..92 => 4,
            92..98 => 5,
            _ => 6,
        })
        .collect();
    let mut people: u32 = sizes.iter().sum();
    while people != PEOPLE {
        let size = &mut sizes[chance.below(households) as usize];
        if people < PEOPLE && *size < 6 {
            *size += 1;
            people += 1;
        } else if people > PEOPLE && *size > 1 {
            *size -= 1;
            people -= 1;
        }
    }
    sizes
}

/// Marks of each resident of a household: old people live alone or in twos more often, pupils with their parents.
fn household_marks(size: u32, chance: &mut Chance) -> Vec<Vec<&'static str>> {
    let tenants = chance.percent() < 12;
    let foreign = chance.per_mille() < 11;
    (0..size)
        .map(|resident| {
            let mut marks = Vec::new();
            let child = size >= 3 && resident >= 2;
            if child && chance.percent() < 30 {
                marks.push("学生");
            } else if !child {
                let old = if size <= 2 { 10 } else { 4 };
                if chance.percent() < old {
                    marks.push(if chance.percent() < 70 { "高龄" } else { "行动不便" });
                }
                if chance.per_mille() < 12 {
                    marks.push("教师");
                }
            }
            if chance.percent() < 2 {
                marks.push(if chance.percent() < 75 { "慢病" } else { "透析" });
            }
            if foreign {
                marks.push("外籍");
            }
            if tenants {
                marks.push("租户");
            }
            marks
        })
        .collect()
}

/// SplitMix64: small, and the same on every machine.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }
    /// A number below `end`; the bias of at most `end` in 2^32 is of no matter here.
    fn below(&mut self, end: u32) -> u32 {
        let high = ((self.next() >> 32) * u64::from(end)) >> 32;
        u32::try_from(high).expect("a product with a fraction of one is below the factor")
    }
    fn percent(&mut self) -> u32 {
        self.below(100)
    }
    fn per_mille(&mut self) -> u32 {
        self.below(1_000)
    }
}

#[allow(clippy::print_stdout, reason = "the counts are what this program is run for")]
#[cfg_attr(test, allow(dead_code, reason = "the test takes the bytes only"))]
fn main() -> std::io::Result<()> {
    let text = roll();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/sunshine-garden/roll.csv");
    std::fs::write(&path, &text)?;
    let (roll, notes) = scenario::roll::read_roll("roll.csv", text.as_bytes(), &mut |_, _| {});
    println!(
        "{} entrances, {} households, {} residents",
        roll.entrances.len(),
        roll.households.len(),
        roll.people()
    );
    for mark in domain::Mark::ALL {
        let number = roll.residents.iter().filter(|marks| marks.has(mark)).count();
        println!(
            "{:>16} {number:>4} {:>5.1} %",
            mark.name(),
            100.0 * number as f64 / f64::from(roll.people())
        );
    }
    let green = roll.residents.iter().filter(|marks| marks.green()).count();
    println!("{:>16} {green:>4} {:>5.1} %", "green channel", 100.0 * green as f64 / f64::from(roll.people()));
    println!("{} notes", notes.0.len());
    Ok(())
}
