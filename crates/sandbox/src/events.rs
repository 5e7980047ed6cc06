//! Events (TAP+): what a session is told that has happened since it asked last.

/// What happened. The numbers are the archive's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum Event {
    /// A job was made.
    JobCreated = 100,
    /// A job changed.
    JobUpdated = 101,
    /// A job was removed.
    JobRemoved = 102,
    /// Something was shared.
    SharedItemCreated = 210,
    /// Something that is shared changed.
    SharedItemUpdated = 211,
    /// Something is no longer shared.
    SharedItemRemoved = 212,
    /// A group was made.
    SharedGroupCreated = 220,
    /// A group changed.
    SharedGroupUpdated = 221,
    /// A group was removed.
    SharedGroupRemoved = 222,
    /// A user came into a group.
    SharedUserCreated = 230,
    /// A user of a group changed.
    SharedUserUpdated = 231,
    /// A user left a group.
    SharedUserRemoved = 232,
    /// The user signed in.
    LoggedIn = 300,
    /// The user signed out.
    LoggedOut = 301,
    /// The space that tables take changed.
    DatabaseQuotaUpdated = 401,
    /// The space that results of jobs take changed.
    FileQuotaUpdated = 402,
    /// There is a notification.
    NotificationCreated = 500,
    /// A notification went.
    NotificationRemoved = 501,
    /// A table was made.
    TableCreated = 4000,
    /// A table changed.
    TableUpdated = 4001,
    /// A table was removed.
    TableRemoved = 4002,
}
