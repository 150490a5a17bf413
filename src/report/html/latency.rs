//! How long each side took, as a picture. It is information: no verdict depends on it.

use crate::pair::{Pair, Side};

/// Columns of the picture.
const COLUMNS: usize = 60;
/// Its measures, in units of its own.
const WIDTH: f64 = 720.0;
const LEFT: f64 = 48.0;
/// Room for the half of a mark's text that stands behind it.
const RIGHT: f64 = 24.0;
const ROW: f64 = 64.0;
const TOP: f64 = 18.0;

/// Milliseconds of every answer of each side.
#[derive(Debug, Clone, Default)]
pub(super) struct Latency {
    sides: Pair<Vec<f64>>,
}

/// What is said of a side.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Facts {
    pub(super) side: Side,
    pub(super) answers: usize,
    pub(super) median: f64,
    pub(super) p95: f64,
    pub(super) slowest: f64,
}

impl Facts {
    /// Median, 95th percentile and the slowest, in words.
    pub(super) fn words(&self) -> [String; 3] {
        [self.median, self.p95, self.slowest].map(super::words::milliseconds)
    }
}

/// A row of the picture.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) facts: Facts,
    /// The outline of its bars.
    pub(super) bars: String,
    /// Where its bars stand.
    pub(super) base: f64,
    pub(super) head: f64,
    pub(super) median_at: f64,
    pub(super) p95_at: f64,
}

/// A mark of the axis.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tick {
    pub(super) at: f64,
    pub(super) text: String,
}

/// The picture.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Picture {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) left: f64,
    pub(super) axis: f64,
    pub(super) rows: Vec<Row>,
    pub(super) ticks: Vec<Tick>,
}

impl Latency {
    /// Adds an answer of a side.
    pub(super) fn add(&mut self, side: Side, ms: f64) {
        if ms.is_finite() && ms >= 0.0 {
            self.sides[side].push(ms);
        }
    }

    /// The picture; none without answers of both sides.
    pub(super) fn picture(mut self) -> Option<Picture> {
        for side in Side::BOTH {
            self.sides[side].sort_by(f64::total_cmp);
        }
        let facts = Pair::of(|side| facts(side, &self.sides[side]));
        let Pair { old, new } = facts;
        let facts = [old?, new?];
        let all = self.sides.old.iter().chain(&self.sides.new);
        // Below a tenth of a millisecond nothing is worth telling apart.
        let scale = Scale::over(all.map(|ms| ms.max(0.1)));
        let columns = Pair::of(|side| columns(&self.sides[side], &scale));
        let most = columns.old.iter().chain(&columns.new).copied();
        let most = most.max().unwrap_or(1).max(1);
        let rows = facts.into_iter().zip(0_u8..).map(|(facts, number)| {
            let base = TOP + ROW * (f64::from(number) + 1.0);
            Row {
                bars: bars(&columns[facts.side], most, base),
                base,
                head: base - ROW + 14.0,
                median_at: scale.at(facts.median),
                p95_at: scale.at(facts.p95),
                facts,
            }
        });
        let axis = TOP + ROW * 2.0;
        Some(Picture {
            width: WIDTH + RIGHT,
            height: axis + 22.0,
            left: LEFT,
            axis,
            rows: rows.collect(),
            ticks: scale.ticks(),
        })
    }
}

fn facts(side: Side, sorted: &[f64]) -> Option<Facts> {
    Some(Facts {
        side,
        answers: sorted.len(),
        median: quantile(sorted, 50)?,
        p95: quantile(sorted, 95)?,
        slowest: *sorted.last()?,
    })
}

/// The smallest value that so many of a hundred do not exceed (nearest rank).
fn quantile(sorted: &[f64], percent: usize) -> Option<f64> {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

/// A logarithmic scale.
struct Scale {
    low: f64,
    high: f64,
}

impl Scale {
    fn over(all: impl Iterator<Item = f64>) -> Self {
        let (low, high) = all.fold((f64::MAX, 0.1_f64), |(low, high), ms| {
            (low.min(ms), high.max(ms))
        });
        let (low, high) = (low.min(high).ln(), high.ln());
        // One value alone still has a place.
        let pad = ((high - low) * 0.04).max(0.1);
        Self {
            low: low - pad,
            high: high + pad,
        }
    }

    /// How far a value stands along the scale, from 0 to 1.
    fn share(&self, ms: f64) -> f64 {
        ((ms.max(0.1).ln() - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }

    fn at(&self, ms: f64) -> f64 {
        tenth(LEFT + self.share(ms) * (WIDTH - LEFT))
    }

    /// 1, 2 and 5 of each power of ten that has a place, with room between two.
    fn ticks(&self) -> Vec<Tick> {
        let mut ticks: Vec<Tick> = Vec::new();
        for power in -1_i32..7 {
            for step in [1.0, 2.0, 5.0] {
                let ms = step * 10_f64.powi(power);
                let inside = (self.low..self.high).contains(&ms.ln());
                let at = self.at(ms);
                if inside && ticks.last().is_none_or(|last| at - last.at >= 56.0) {
                    let text = super::words::milliseconds(ms);
                    ticks.push(Tick { at, text });
                }
            }
        }
        ticks
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a column of the picture"
)]
fn columns(sorted: &[f64], scale: &Scale) -> Vec<u32> {
    let mut columns = vec![0_u32; COLUMNS];
    for ms in sorted {
        let column = (scale.share(*ms) * COLUMNS as f64) as usize;
        if let Some(count) = columns.get_mut(column.min(COLUMNS - 1)) {
            *count += 1;
        }
    }
    columns
}

/// The outline of the bars as a path of SVG. A bar with anything in it can be seen.
#[expect(clippy::cast_precision_loss, reason = "a column of the picture")]
fn bars(columns: &[u32], most: u32, base: f64) -> String {
    let wide = (WIDTH - LEFT) / COLUMNS as f64;
    let tallest = ROW - 22.0;
    let mut path = String::new();
    for (number, count) in columns.iter().enumerate().filter(|(_, count)| **count > 0) {
        let left = tenth(LEFT + wide * number as f64);
        let tall = tenth((f64::from(*count) / f64::from(most) * tallest).max(1.5));
        let wide = tenth(wide - 1.0);
        path += &format!("M{left} {base}v-{tall}h{wide}v{tall}z");
    }
    path
}

fn tenth(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(old: &[f64], new: &[f64]) -> Option<Picture> {
        let mut latency = Latency::default();
        for (side, all) in [(Side::Old, old), (Side::New, new)] {
            for ms in all {
                latency.add(side, *ms);
            }
        }
        latency.picture()
    }

    #[test]
    fn median_and_p95_are_values_that_were_measured() {
        let old: Vec<f64> = (1_u8..=100).rev().map(f64::from).collect();
        let picture = of(&old, &[7.0, f64::NAN]).expect("a picture");
        let facts = &picture.rows[0].facts;
        assert_eq!(
            (facts.median, facts.p95, facts.slowest, facts.answers),
            (50.0, 95.0, 100.0, 100)
        );
        let alone = &picture.rows[1];
        assert_eq!((alone.facts.median, alone.facts.answers), (7.0, 1));
        assert_eq!(alone.bars.matches('M').count(), 1);
        assert!(picture.rows[0].median_at < picture.rows[0].p95_at);
        assert!(picture.ticks.len() > 2, "{:?}", picture.ticks);
    }

    #[test]
    fn everything_stays_inside_of_the_picture() {
        for (old, new) in [
            (&[0.0][..], &[0.0][..]),
            (&[1e6], &[0.001]),
            (&[5.0; 9], &[5.0]),
        ] {
            let picture = of(old, new).expect("a picture");
            for row in &picture.rows {
                assert!((LEFT..=WIDTH).contains(&row.median_at), "{row:?}");
            }
            // The texts stand in the middle of their marks; none is wider than 40.
            for tick in &picture.ticks {
                assert!(
                    tick.at >= 20.0 && tick.at + 20.0 <= picture.width,
                    "{tick:?}"
                );
            }
        }
        assert_eq!(of(&[1.0], &[]), None);
    }
}
