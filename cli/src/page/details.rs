//! What the page can show of a single connection: JSON lines. The first is about the others; then come the line of its
//! record and those of its segments and timer events.

use fourwave_annotate::{Code, ConnectionRecord, Context, EventRecord, Fields, Lang, SegmentRecord};
use serde::Serialize;

use crate::explain::{Scene, Story};

/// What the first line of a connection says.
#[derive(Serialize)]
struct Head {
    connection: u64,
    /// What its findings say, in the order of the languages.
    texts: Vec<Vec<String>>,
    folds: Vec<Fold>,
}

/// Segments that are not shown.
#[derive(Serialize)]
struct Fold {
    /// Lines of segments and events before them.
    after: usize,
    segments: u64,
    client_octets: u64,
    server_octets: u64,
}

/// Adds the lines of `story`.
///
/// # Errors
/// None that records know of.
pub fn write(story: &Story, context: Context<'_>, to: &mut Vec<u8>) -> serde_json::Result<()> {
    let connection = &story.connection;
    let texts = |lang: &Lang| {
        connection.findings.iter().map(|finding| lang.finding_text(finding).into_owned()).collect()
    };
    let head = Head {
        connection: connection.number,
        texts: Lang::ALL.iter().map(texts).collect(),
        folds: folds(story),
    };
    line(&head, to)?;
    line(&ConnectionRecord::new(connection, Context { fields: Fields::ALL, ..context }), to)?;
    let context = Context { fields: Fields::STREAMED, ..context };
    for scene in &story.scenes {
        match scene {
            Scene::Segment(shown) => {
                let segment = shown.segment(&connection.addresses);
                line(&SegmentRecord::new(&segment, &shown.said, context), to)?;
            }
            Scene::Expired(event) => line(&EventRecord::new(event, context), to)?,
            Scene::Fold(_) => {}
        }
    }
    Ok(())
}

fn folds(story: &Story) -> Vec<Fold> {
    let mut folds = Vec::new();
    let mut lines = 0;
    for scene in &story.scenes {
        match scene {
            Scene::Segment(_) | Scene::Expired(_) => lines += 1,
            Scene::Fold(fold) => folds.push(Fold {
                after: lines,
                segments: fold.segments,
                client_octets: fold.octets.client,
                server_octets: fold.octets.server,
            }),
        }
    }
    folds
}

fn line(what: &impl Serialize, to: &mut Vec<u8>) -> serde_json::Result<()> {
    serde_json::to_writer(&mut *to, what)?;
    to.push(b'\n');
    Ok(())
}
