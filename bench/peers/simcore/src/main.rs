//! The hold model in simcore: so many events pending; each that is handled is followed by another, so many times.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Instant;

use serde::Serialize;
use simcore::{cast, Event, EventHandler, Simulation, SimulationContext};

#[derive(Clone, Serialize)]
struct End {
    run: u32,
}

struct Follower {
    context: SimulationContext,
    gaps: Vec<f64>,
    handled: u64,
}

impl EventHandler for Follower {
    fn on(&mut self, event: Event) {
        cast!(match event.data {
            End { run } => {
                self.handled += 1;
                self.context.emit_self(End { run }, self.gaps[self.handled as usize % self.gaps.len()]);
            }
        })
    }
}

fn main() {
    let mut words = std::env::args().skip(1).map(|word| word.parse::<u64>().unwrap());
    let (pending, events) = (words.next().unwrap(), words.next().unwrap());
    let mut simulation = Simulation::new(1);
    let context = simulation.create_context("follower");
    let gaps: Vec<f64> = (0..1 << 16).map(|_| -(1.0 - context.rand()).ln()).collect();
    for run in 0..pending {
        context.emit_self(End { run: run as u32 }, gaps[run as usize % gaps.len()]);
    }
    let follower = Rc::new(RefCell::new(Follower { context, gaps, handled: 0 }));
    simulation.add_handler("follower", follower.clone());
    let began = Instant::now();
    simulation.steps(events);
    let seconds = began.elapsed().as_secs_f64();
    println!("{{\"seconds\": {}, \"events\": {}}}", seconds, follower.borrow().handled);
}
