//! The API under `/api/v1`: what can be asked, and its schema.

mod accounts;
mod ahead;
mod all_rounds;
mod ask;
mod callbacks;
mod city;
mod communities;
mod crews;
mod custody;
mod decisions;
mod doses;
mod evening;
mod events;
mod examples;
mod factor;
mod figures;
mod file;
mod kept;
mod live;
mod mine;
mod names;
mod neighbours;
mod notice;
mod notices;
mod now;
pub(crate) mod overview;
mod paper;
mod parties;
mod phones;
mod places;
mod plain;
pub(crate) mod results;
mod review;
mod rosters;
mod rounds;
mod scenarios;
mod shift;
mod sign_in;
mod verbs_on;
mod volunteers;
mod walks;

pub use ask::{Asker, Body, Query};

use crate::{app::App, schema};
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "shouhu",
        description = "Scenarios, plans and rehearsals; accounts and communities. Every answer may grow; none of its fields changes its meaning.",
        license(name = "Apache-2.0")
    ),
    components(schemas(
        results::FormName,
        results::given::OutName,
        schema::events::Site,
        schema::events::Clock,
        schema::events::End,
        schema::events::Envelope
    ))
)]
struct Described;

/// All addresses of the API, with their schema.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Described::openapi())
        .routes(routes!(examples::health))
        .routes(routes!(examples::ready))
        .routes(routes!(examples::examples))
        .routes(routes!(mine::mine))
        .routes(routes!(mine::goods::own_goods))
        .routes(routes!(neighbours::own::own_neighbours))
        .routes(routes!(neighbours::desk::neighbours, neighbours::desk::see_to_neighbours))
        .routes(routes!(parties::parties))
        .routes(routes!(parties::party, parties::act_as_party))
        .routes(routes!(parties::shipments::supplies_of, parties::shipments::act_with_supplies))
        .routes(routes!(parties::gate::gate_of, parties::gate::open_gate, parties::gate::end_gate))
        .routes(routes!(parties::gate::at_gate))
        .routes(routes!(parties::doors::doors_to_choose))
        .routes(routes!(parties::doors::doors_of_shipment))
        .routes(routes!(parties::doors::cart_docx))
        .routes(routes!(parties::aid::aid_of, parties::aid::act_of_aid))
        .routes(routes!(parties::aid::deployed_csv))
        .routes(routes!(parties::hear::hear))
        .routes(routes!(results::send))
        .routes(routes!(results::aside::of_nobody))
        .routes(routes!(results::aside::settle_of_nobody))
        .routes(routes!(results::release::of_round))
        .routes(routes!(results::release::release))
        .routes(routes!(results::given::as_file))
        .routes(routes!(results::aside::kept_aside))
        .routes(routes!(results::aside::settle))
        .routes(routes!(custody::boxes))
        .routes(routes!(custody::tube))
        .routes(routes!(custody::label_tube))
        .routes(routes!(callbacks::callbacks, callbacks::call_back))
        .routes(routes!(callbacks::sampled_alone))
        .routes(routes!(doses::doses))
        .routes(routes!(doses::doses_as_file))
        .routes(routes!(all_rounds::community_figures))
        .routes(routes!(all_rounds::community_figures_csv))
        .routes(routes!(all_rounds::community_figures_text))
        .routes(routes!(factor::propose_factor))
        .routes(routes!(factor::add_factor))
        .routes(routes!(factor::end_factor))
        .routes(routes!(factor::remove_factor))
        .routes(routes!(accounts::account_log))
        .routes(routes!(accounts::renew))
        .routes(routes!(scenarios::planning))
        .routes(routes!(scenarios::list, scenarios::create))
        .routes(routes!(scenarios::get, scenarios::change, scenarios::remove))
        .routes(routes!(scenarios::zip))
        .routes(routes!(verbs_on::view))
        .routes(routes!(verbs_on::check))
        .routes(routes!(verbs_on::plan))
        .routes(routes!(verbs_on::search))
        .routes(routes!(verbs_on::rehearse))
        .routes(routes!(verbs_on::sheets))
        .routes(routes!(notice::notice))
        .routes(routes!(notice::notice_file))
        .routes(routes!(events::events))
        .routes(routes!(review::review))
        .routes(routes!(rounds::rounds, rounds::make_round))
        .routes(routes!(rounds::round))
        .routes(routes!(rounds::codes::make_code, rounds::codes::end_codes))
        .routes(routes!(rounds::command))
        .routes(routes!(paper::paper))
        .routes(routes!(paper::print_tubes))
        .routes(routes!(paper::print_boxes))
        .routes(routes!(paper::print_sheets))
        .routes(routes!(paper::print_slips))
        .routes(routes!(ahead::ahead))
        .routes(routes!(ahead::call_wave, ahead::call_by_itself))
        .routes(routes!(evening::evening))
        .routes(routes!(decisions::decisions, decisions::decide))
        .routes(routes!(decisions::evening_docx))
        .routes(routes!(evening::events_of_round))
        .routes(routes!(evening::missed))
        .routes(routes!(evening::missed_csv))
        .routes(routes!(walks::walks))
        .routes(routes!(notices::notices, notices::issue_notice))
        .routes(routes!(notices::print_notice))
        .routes(routes!(notices::tell_notice))
        .routes(routes!(notices::channels::notice_channels))
        .routes(routes!(notices::channels::send_notice))
        .routes(routes!(notices::form::notice_form))
        .routes(routes!(notices::page::opened_notice))
        .routes(routes!(now::now))
        .routes(routes!(kept::kept))
        .routes(routes!(shift::read_file))
        .routes(routes!(shift::type_shift, shift::stored::stored_shift))
        .routes(routes!(shift::stored::take_back))
        .routes(routes!(live::live))
        .routes(routes!(live::conflicts))
        .routes(routes!(phones::join))
        .routes(routes!(phones::upload))
        .routes(routes!(phones::told))
        .routes(routes!(phones::phones))
        .routes(routes!(phones::revoke_phone))
        .routes(routes!(phones::aside::quarantine))
        .routes(routes!(phones::aside::settle_quarantine))
        .routes(routes!(sign_in::welcome))
        .routes(routes!(sign_in::login))
        .routes(routes!(sign_in::logout))
        .routes(routes!(sign_in::me))
        .routes(routes!(sign_in::password))
        .routes(routes!(accounts::sessions))
        .routes(routes!(accounts::end_session))
        .routes(routes!(accounts::invite))
        .routes(routes!(accounts::accounts))
        .routes(routes!(accounts::remove_account))
        .routes(routes!(communities::communities, communities::make_community))
        .routes(routes!(communities::community))
        .routes(routes!(places::put_community))
        .routes(routes!(places::places, places::make_place))
        .routes(routes!(places::moves))
        .routes(routes!(places::change_place))
        .routes(routes!(overview::overview))
        .routes(routes!(crews::crews, crews::keep_crews))
        .routes(routes!(city::city))
        .routes(routes!(city::put_city, city::take_city_back))
        .routes(routes!(city::put_city_districts))
        .routes(routes!(city::put_city_labs))
        .routes(routes!(figures::figures))
        .routes(routes!(figures::figures_csv))
        .routes(routes!(figures::figures_dhis2))
        .routes(routes!(figures::status))
        .routes(routes!(communities::accesses))
        .routes(routes!(names::names))
        .routes(routes!(names::correct_name, names::erase_name))
        .routes(routes!(names::own_copy))
        .routes(routes!(names::purge_names))
        .routes(routes!(volunteers::volunteers))
        .routes(routes!(volunteers::open_sign_up, volunteers::end_sign_up))
        .routes(routes!(volunteers::posters::sign_up_poster))
        .routes(routes!(volunteers::posters::site_poster))
        .routes(routes!(volunteers::take_sheet))
        .routes(routes!(volunteers::correct_volunteer, volunteers::erase_volunteer))
        .routes(routes!(volunteers::renew_volunteer))
        .routes(routes!(volunteers::scanned))
        .routes(routes!(volunteers::read_words))
        .routes(routes!(volunteers::join_volunteers))
        .routes(routes!(volunteers::own::own_page))
        .routes(routes!(volunteers::own::own_act))
        .routes(routes!(volunteers::own::own_words_anew))
        .routes(routes!(volunteers::own::own_calendar))
        .routes(routes!(rosters::rosters))
        .routes(routes!(rosters::roster, rosters::make_roster, rosters::change_roster))
        .routes(routes!(rosters::thanks))
        .routes(routes!(rosters::cards::role_cards))
        .routes(routes!(rosters::rules::roster_rules, rosters::rules::change_roster_rules))
}
