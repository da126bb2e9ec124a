//! Which rule was in force on which day, and why: legal effect computed, never typed.
//!
//! - [`on`]: the effect of one policy on a day, from the [`Grounds`] that speak for or against it,
//!   with a [`Reason`] whose parts a page can link.
//! - [`timeline`]: every day on which that answer changes; [`next_change`], [`events`].
//! - [`period`]: the last day of a period of validity, in both readings.
//! - [`library`]: many documents at once: who is meant by a repeal, which version follows which,
//!   who has the power, and what cannot be true.
//! - [`records`]: the same for records as files hold them, read with `gongwen` where they say
//!   nothing.
//!
//! The rules:
//!
//! - A repeal counts from its day on. It is not undone when what repealed is repealed itself.
//! - A repeal of single articles leaves the rest in force: the policy is amended.
//! - The last day of validity counts. A trial (试行, 暂行) does not lapse by itself.
//! - A declaration of lapse (宣布失效) ends a policy as 失效, not as 废止.
//! - What a clerk decides wins, and is seen as such.
//!
//! Nothing here asks a clock: the day is an argument.
//!
//! ```
//! use effect::{Act, ActKind, Effect, Grounds, Policy, on};
//!
//! let by = Policy::new("p2", "某市河道管理办法", Some("某府〔2024〕3号"));
//! let from = "2024-07-01".parse()?;
//! let act = Act::new(ActKind::Repeals, by, Some(from)).in_article("第三十条");
//! let grounds = Grounds { acts: vec![act], ..Grounds::default() };
//! let verdict = on("2024-12-01".parse()?, &grounds);
//! assert_eq!(verdict.effect, Effect::Repealed);
//! assert_eq!(
//!     verdict.reason.to_string(),
//!     "自2024年7月1日起被《某市河道管理办法》（某府〔2024〕3号）第三十条废止",
//! );
//! # Ok::<(), chrono::ParseError>(())
//! ```

mod act;
mod decide;
mod grounds;
pub mod library;
pub mod period;
pub mod records;
mod timeline;
mod verdict;
mod words;

pub use act::{Act, ActKind, Policy, first_day};
pub use decide::on;
pub use grounds::{Grounds, Overrule, SourceStatement, SourceWord};
pub use library::{Document, Library};
pub use period::{DefaultValidity, LastDay, Period, Reading, proposed_expiry};
pub use timeline::{Event, at, events, next_change, timeline};
pub use verdict::{Effect, Overruled, Reason, Verdict};
