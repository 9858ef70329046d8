//! The two ends of a connection.

use core::ops::{Index, IndexMut};

use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::code::coded;

coded! {
    /// One end of a connection (SPEC 8.3).
    pub enum Side {
        /// The end that opened it: sender of the first SYN, or taken for it.
        Client = "client",
        /// The other end.
        Server = "server",
    }
}

impl Side {
    /// The peer.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Client => Self::Server,
            Self::Server => Self::Client,
        }
    }
}

/// One value for each end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[cfg_attr(feature = "checkpoint", derive(serde::Deserialize))]
pub struct Both<T> {
    /// The client's.
    pub client: T,
    /// The server's.
    pub server: T,
}

impl<T: Serialize> Serialize for Both<T> {
    #[inline(always)]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut both = serializer.serialize_struct("Both", 2)?;
        both.serialize_field("client", &self.client)?;
        both.serialize_field("server", &self.server)?;
        both.end()
    }
}

impl<T> Both<T> {
    /// Makes each end's value.
    pub fn from_fn(mut make: impl FnMut(Side) -> T) -> Self {
        Self { client: make(Side::Client), server: make(Side::Server) }
    }

    /// The value of `side` and that of its peer.
    pub const fn of(&self, side: Side) -> (&T, &T) {
        match side {
            Side::Client => (&self.client, &self.server),
            Side::Server => (&self.server, &self.client),
        }
    }

    /// The same, to be changed.
    pub const fn of_mut(&mut self, side: Side) -> (&mut T, &mut T) {
        match side {
            Side::Client => (&mut self.client, &mut self.server),
            Side::Server => (&mut self.server, &mut self.client),
        }
    }

    /// Client's value, then server's.
    pub fn iter(&self) -> impl Iterator<Item = (Side, &T)> {
        [(Side::Client, &self.client), (Side::Server, &self.server)].into_iter()
    }
}

impl<T> Index<Side> for Both<T> {
    type Output = T;

    fn index(&self, side: Side) -> &T {
        match side {
            Side::Client => &self.client,
            Side::Server => &self.server,
        }
    }
}

impl<T> IndexMut<Side> for Both<T> {
    fn index_mut(&mut self, side: Side) -> &mut T {
        match side {
            Side::Client => &mut self.client,
            Side::Server => &mut self.server,
        }
    }
}
