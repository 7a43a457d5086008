#[path = "../tests/world/mod.rs"]
mod world;
fn main() {
    for world in world::worlds() {
        let mut review = world.review(1..=1);
        review.queue = Default::default();
        review.coverage.missed.truncate(2);
        review.waves.truncate(2);
        if let Some(planned) = &mut review.planned { planned.waves.truncate(2); }
        println!("{}", world.name);
        println!("{}", serde_json::to_string(&review).unwrap());
        let run = world.rehearsal(&world.scenario).run(rehearse::Luck{seed:1,purpose:rehearse::Purpose::Rehearse}, 1, 1, &Default::default()).figures();
        println!("{}", serde_json::to_string(&run).unwrap());
    }
}
