//! The icons of Parallax: strokes on a grid of 16, drawn for this page.

use leptos::prelude::*;

/// What an icon shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Glyph {
    /// Two angles and the shift between them: the mark of Parallax.
    Parallax,
    Query,
    Schema,
    Jobs,
    Results,
    About,
    Table,
    Column,
    Folder,
    Run,
    Stop,
    Download,
    Upload,
    Sun,
    Moon,
    /// Half light, half dark: the system's theme.
    Contrast,
    ChevronRight,
    ChevronDown,
    ChevronLeft,
    Close,
    Search,
    SortAscending,
    SortDescending,
    Warning,
    Information,
    Check,
    Plus,
    Copy,
    Link,
    Trash,
    Refresh,
    More,
    Clock,
    File,
    Insert,
    Sharing,
    Bell,
    Person,
    Leave,
    Edit,
    Picture,
    Key,
}

impl Glyph {
    /// Its strokes as SVG path data.
    fn path(self) -> &'static str {
        match self {
            Self::Parallax => "M1.5 14 8 2.5 14.5 14M4.2 14 10 4.8M11.8 14 6 4.8M1 14h14",
            Self::Query => "m2.5 4 4 4-4 4M8 12.5h5.5",
            Self::Schema => "M2 2.5h4v3H2zM10 6.5h4v3h-4zM10 11.5h4v3h-4zM4 5.5v7.5h6M4 8h6",
            Self::Jobs => "M2 4h1M6 4h8M2 8h1M6 8h8M2 12h1M6 12h8",
            Self::Results => "M2 2.5h12v11H2zM2 6h12M2 9.8h12M6.5 6v7.5",
            Self::About | Self::Information => "M8 14.2a6.2 6.2 0 1 0 0-12.4 6.2 6.2 0 0 0 0 12.4M8 7.3v3.9M8 4.8v.1",
            Self::Table => "M2 3h12v10H2zM2 6.5h12M7 6.5V13",
            Self::Column => "M5.5 2.5h5v11h-5zM5.5 5.5h5",
            Self::Folder => "M2 4.5c0-.6.4-1 1-1h3l1.5 1.8H13c.6 0 1 .4 1 1v5.2c0 .6-.4 1-1 1H3c-.6 0-1-.4-1-1z",
            Self::Run => "M4.5 2.8v10.4L13 8z",
            Self::Stop => "M4 4h8v8H4z",
            Self::Download => "M8 2v8M4.8 7 8 10.2 11.2 7M2.5 13.5h11",
            Self::Upload => "M8 10.5v-8M4.8 5.5 8 2.3l3.2 3.2M2.5 13.5h11",
            Self::Sun => {
                "M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6M8 1.2v1.4M8 13.4v1.4M1.2 8h1.4M13.4 8h1.4M3.2 3.2l1 1M11.8 11.8l1 1M3.2 12.8l1-1M11.8 4.2l1-1"
            }
            Self::Moon => "M13.5 9.6A6 6 0 0 1 6.4 2.5a6 6 0 1 0 7.1 7.1",
            Self::Contrast => {
                "M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4M8 1.8v12.4M8 4.5l4.6-.4M8 7.5l6-.5M8 10.5l5.4-.5"
            }
            Self::ChevronRight => "m6 3.5 4.5 4.5L6 12.5",
            Self::ChevronDown => "m3.5 6 4.5 4.5L12.5 6",
            Self::ChevronLeft => "M10 3.5 5.5 8l4.5 4.5",
            Self::Close => "m3.8 3.8 8.4 8.4M12.2 3.8l-8.4 8.4",
            Self::Search => "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9M10.3 10.3l3.4 3.4",
            Self::SortAscending => "M8 12.5v-9M4.5 7 8 3.5 11.5 7",
            Self::SortDescending => "M8 3.5v9M4.5 9 8 12.5 11.5 9",
            Self::Warning => "M8 2.2 14.6 13.6H1.4zM8 6.6v3.4M8 11.8v.1",
            Self::Check => "m3 8.5 3.3 3.3L13 4.8",
            Self::Plus => "M8 3v10M3 8h10",
            Self::Copy => "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
            Self::Link => {
                "M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2.3-2.3a2.6 2.6 0 0 0-3.7-3.7L8 4.3M9.2 6.8a2.6 2.6 0 0 0-3.7 0L3.2 9.1a2.6 2.6 0 0 0 3.7 3.7L8 11.7"
            }
            Self::Trash => "M2.5 4.2h11M6 4.2V2.5h4v1.7M4 4.2l.7 9.3h6.6l.7-9.3M6.7 7v4M9.3 7v4",
            Self::Refresh => "M13.2 6.5A5.5 5.5 0 1 0 13.5 9M13.5 2.8v3.7H9.8",
            Self::More => "M3.2 8h.1M8 8h.1M12.8 8h.1",
            Self::Clock => "M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4M8 4.5V8l2.5 1.6",
            Self::File => "M3.5 1.8h5.8l3.2 3.2v9.2h-9zM9.3 1.8V5h3.2",
            Self::Sharing => {
                "M5.5 7.5a2.4 2.4 0 1 0 0-4.8 2.4 2.4 0 0 0 0 4.8M1.5 13.3c0-2.3 1.8-3.6 4-3.6s4 1.3 4 3.6M10.6 7.3a2 2 0 1 0-.4-4M11.3 9.6c1.9.1 3.2 1.4 3.2 3.4"
            }
            Self::Bell => "M3.5 11.5c1-1 1-2.2 1-4a3.5 3.5 0 0 1 7 0c0 1.8 0 3 1 4zM6.7 13.8h2.6M8 4V2.2",
            Self::Person => "M8 8a2.8 2.8 0 1 0 0-5.6A2.8 2.8 0 0 0 8 8M2.8 14c0-2.9 2.3-4.4 5.2-4.4s5.2 1.5 5.2 4.4",
            Self::Leave => "M6.5 2.5h-4v11h4M10 5l3 3-3 3M13 8H6",
            Self::Edit => "M2.5 13.5h2.7l8-8-2.7-2.7-8 8zM9 4.3 11.7 7",
            Self::Picture => "M2 2v12h12M5 10.5v.1M7.5 7v.1M9 9.5v.1M11 5v.1M12.5 7.5v.1M6 4.5v.1",
            Self::Key => "M5.2 10.8a3 3 0 1 0 0-.1M7.6 8.2 13.8 2M11 4.8l1.8 1.8",
            Self::Insert => "M13.5 3v4.5c0 1.1-.9 2-2 2H3M6 6.5l-3 3 3 3",
        }
    }
}

/// A picture beside a word, or in a button that has an `aria-label`; itself it is never read.
#[component]
pub fn Icon(
    /// What it shows.
    #[prop(into)]
    glyph: Signal<Glyph>,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <path d=move || glyph.get().path()></path>
        </svg>
    }
}
