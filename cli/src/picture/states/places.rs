//! Where the states stand, as in figure 5 of RFC 9293, and how lines run between them. Only places are decided
//! here, by hand; which lines there are is not.

use fourwave_annotate::State;

use crate::picture::shape::{Point, Rect};

/// The size of a state.
pub const BOX: (f64, f64) = (146.0, 44.0);
/// Where the columns and rows are, by their middle.
const COLUMNS: [f64; 3] = [150.0, 475.0, 800.0];
const TOP: f64 = 92.0;
const ROW: f64 = 122.0;
/// The last row, in which three lines come together: they need room for their labels.
const LAST: f64 = 6.4;
/// The line from TIME-WAIT back to the next connection runs here.
const RETURN: f64 = 40.0;

/// A box of the diagram. CLOSED has two: before a connection, and after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The state.
    pub state: State,
    /// CLOSED after a connection.
    pub is_end: bool,
}

impl Place {
    /// All boxes.
    pub fn all() -> impl Iterator<Item = Self> {
        let start = |&state: &State| (state != State::Unknown).then_some(Self { state, is_end: false });
        let states = <State as fourwave_annotate::Code>::ALL;
        states.iter().filter_map(start).chain([Self { state: State::Closed, is_end: true }])
    }

    /// Where a step to `state` leads: never to CLOSED before a connection.
    pub fn reached(state: State) -> Self {
        Self { state, is_end: state == State::Closed }
    }

    /// Its column and row; none for UNKNOWN.
    fn cell(self) -> Option<(usize, f64)> {
        Some(match (self.state, self.is_end) {
            (State::Unknown, _) => return None,
            (State::Closed, false) => (1, 0.0),
            (State::Closed, true) => (2, LAST),
            (State::Listen, _) => (1, 1.0),
            (State::SynReceived, _) => (0, 2.0),
            (State::SynSent, _) => (2, 2.0),
            (State::Established, _) => (1, 3.0),
            (State::FinWait1, _) => (0, 4.0),
            (State::CloseWait, _) => (2, 4.0),
            (State::FinWait2, _) => (0, 5.0),
            (State::Closing, _) => (1, 5.0),
            (State::LastAck, _) => (2, 5.0),
            (State::TimeWait, _) => (1, LAST),
        })
    }

    /// Its middle.
    pub fn middle(self) -> Option<Point> {
        let (column, row) = self.cell()?;
        Some(Point::new(COLUMNS.get(column).copied()?, TOP + ROW * row))
    }

    /// The room of the box.
    pub fn bounds(self) -> Option<Rect> {
        let middle = self.middle()?;
        Some(Rect { left: middle.x - BOX.0 / 2.0, top: middle.y - BOX.1 / 2.0, width: BOX.0, height: BOX.1 })
    }
}

/// The size of the diagram with room for a legend of this height.
pub fn size(legend: f64) -> (f64, f64) {
    (COLUMNS[2] + COLUMNS[0], TOP + LAST * ROW + BOX.1 + legend)
}

/// The line of a step, from border to border, `aside` of the straight one.
pub fn route(from: Place, to: Place, aside: f64) -> Option<Vec<Point>> {
    let (start, end) = (from.middle()?, to.middle()?);
    if (from.state, to.state) == (State::TimeWait, State::SynReceived) {
        let (low, left) = (start.y + BOX.1 / 2.0 + 16.0 + aside, RETURN + aside);
        return Some(vec![
            Point::new(start.x, start.y + BOX.1 / 2.0),
            Point::new(start.x, low),
            Point::new(left, low),
            Point::new(left, end.y),
            Point::new(end.x - BOX.0 / 2.0, end.y),
        ]);
    }
    let (dx, dy) = (end.x - start.x, end.y - start.y);
    let length = dx.hypot(dy).max(1.0);
    let shift = Point::new(-dy / length * aside, dx / length * aside);
    let (start, end) =
        (Point::new(start.x + shift.x, start.y + shift.y), Point::new(end.x + shift.x, end.y + shift.y));
    Some(vec![border(from, start, end), border(to, end, start)])
}

/// Where the line from `inside` the box of `place` to another point leaves it.
fn border(place: Place, inside: Point, to: Point) -> Point {
    let Some(bounds) = place.bounds() else { return inside };
    let (dx, dy) = (to.x - inside.x, to.y - inside.y);
    let across =
        |distance: f64, step: f64| if step.abs() < 0.01 { f64::INFINITY } else { distance / step.abs() };
    let x = if dx > 0.0 { bounds.right() - inside.x } else { inside.x - bounds.left };
    let y = if dy > 0.0 { bounds.bottom() - inside.y } else { inside.y - bounds.top };
    let share = across(x, dx).min(across(y, dy)).clamp(0.0, 1.0);
    Point::new(inside.x + dx * share, inside.y + dy * share)
}
