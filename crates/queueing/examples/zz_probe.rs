#![allow(missing_docs, dead_code, unused_imports)]
#[path = "../tests/theory/lab.rs"]
mod lab;
use chance::Law;
use lab::*;
use queueing::{Engine, theory};
fn main() {
    for (servers, u) in [(1u32, 0.8), (1, 0.9), (4, 0.9)] {
        let mut sum = 0.0; let mut w = 0.0; let mut all: Vec<f64> = vec![];
        for seed in 100..124 {
            let load = f64::from(servers) * u;
            let size = Size::for_relaxation(relaxation(servers, load));
            let model = site(&[(servers, Law::exponential(10.0))], size.warmup);
            let s = run(&model, Engine::Fifo, seed, load / 10.0, size).summary(&model);
            let f = Finding::new("x", Engine::Fifo, theory::mmc_wait(servers, load / 10.0, 10.0), &means(&s.wait), size.measured());
            print!("{:+.2} ", f.z()); sum += f.z(); w += 1.0;
            all.extend(means(&s.wait));
        }
        let f = Finding::new("all", Engine::Fifo, theory::mmc_wait(servers, u * f64::from(servers) / 10.0, 10.0), &all, 240e6);
        println!("\nmean z {} * sqrt n = {}  {}", sum / w, sum / f64::sqrt(w), f.row());
    }
}
