//! Points in time (UTC, RFC 3339) and spans as operators write them (`90d`, `12h`).

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use anyhow::{Result, bail};
use jiff::{SignedDuration, tz::TimeZone};

/// A point in time, UTC, to the microsecond. Its text sorts as time does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(jiff::Timestamp);

impl Timestamp {
    /// The operating system's clock: the one place that reads it.
    pub fn now() -> Self {
        Self(jiff::Timestamp::now())
    }

    /// Seconds since 1970, with their fraction.
    pub fn as_seconds(self) -> f64 {
        self.0.as_duration().as_secs_f64()
    }

    /// A point of seconds since 1970, with their fraction, as a server tells its clock; now, if it is out of range.
    pub fn of_seconds(seconds: f64) -> Self {
        let span = SignedDuration::try_from_secs_f64(seconds).ok();
        let point = span.and_then(|span| jiff::Timestamp::from_duration(span).ok());
        point.map_or_else(Self::now, Self)
    }

    /// This point plus a span.
    ///
    /// # Errors
    /// If the sum leaves the years -9999 to 9999.
    pub fn after(self, span: Span) -> Result<Self> {
        Ok(Self(self.0.checked_add(span.0)?))
    }

    /// This point minus a span.
    ///
    /// # Errors
    /// If the difference leaves the years -9999 to 9999.
    pub fn before(self, span: Span) -> Result<Self> {
        Ok(Self(self.0.checked_sub(span.0)?))
    }

    /// The span since an earlier point; zero if that is later.
    pub fn since(self, earlier: Self) -> Span {
        Span(self.0.duration_since(earlier.0).max(SignedDuration::ZERO))
    }

    /// Seconds since 1970.
    pub fn unix_seconds(self) -> i64 {
        self.0.as_second()
    }

    /// Reads a time as PostgreSQL and this program write it; `None` if the text is not one.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }

    /// As this program shows the end of a password: without a fraction of a second.
    pub fn to_the_second(self) -> String {
        format!("{:.0}", self.0)
    }

    /// How many seconds after `earlier` this is; negative if it is before it.
    pub fn seconds_since(self, earlier: Self) -> i64 {
        self.0.as_second() - earlier.0.as_second()
    }

    /// How long after `earlier` this is; `None` if it is not after it.
    pub fn duration_since(self, earlier: Self) -> Option<Duration> {
        Duration::try_from(self.0.duration_since(earlier.0)).ok()
    }

    /// Reads `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7).
    pub fn parse_http_date(text: &str) -> Option<Self> {
        let point = jiff::fmt::rfc2822::parse(text).ok()?;
        Some(Self(point.timestamp()))
    }

    /// Reads the same as an exclusive end: a date stands for the end of its day.
    ///
    /// # Errors
    /// If the text is none of these.
    pub fn parse_end(text: &str, now: Self) -> Result<Self> {
        match text.parse::<jiff::civil::Date>() {
            Ok(date) => Ok(Self(
                date.tomorrow()?
                    .to_zoned_datetime(TimeZone::UTC)?
                    .timestamp(),
            )),
            Err(_) => Self::parse_point_or_span(text, now),
        }
    }

    /// Reads the end of a day (`2027-03-31`, UTC), or a time; `None` if the text is neither.
    pub fn parse_day_or_time(text: &str) -> Option<Self> {
        match text.parse::<jiff::civil::Date>() {
            Ok(date) => {
                let end = date
                    .tomorrow()
                    .ok()?
                    .to_zoned_datetime(TimeZone::UTC)
                    .ok()?;
                Some(Self(end.timestamp()))
            }
            Err(_) => Self::parse(text),
        }
    }

    /// The local time as syslog(3) writes it: `Nov  6 08:49:37`.
    pub fn syslog_text(self) -> String {
        let zoned = self.0.to_zoned_datetime(TimeZone::system());
        zoned.strftime("%b %e %H:%M:%S").to_string()
    }

    /// Reads a time as a server's log has it, in its `log_timezone`: `2026-11-23 08:00:00.123 CET`, or seconds since 1970.
    pub fn parse_log_time(text: &str, zone: &str) -> Option<Self> {
        if let Ok(seconds) = text.parse::<f64>() {
            let since = SignedDuration::try_from_secs_f64(seconds).ok()?;
            return jiff::Timestamp::from_duration(since).ok().map(Self);
        }
        let (time, abbreviation) = text.rsplit_once(' ')?;
        let time: jiff::civil::DateTime = time.parse().ok()?;
        let zone = match abbreviation {
            "UTC" | "GMT" => TimeZone::UTC,
            _ => TimeZone::get(zone).ok()?,
        };
        Some(Self(time.to_zoned_datetime(zone).ok()?.timestamp()))
    }

    /// Milliseconds since 1970 of a time in RFC 3339.
    pub fn milliseconds_of(text: &str) -> Option<i64> {
        let point: jiff::Timestamp = text.parse().ok()?;
        Some(point.as_millisecond())
    }

    /// Reads `2026-11-23`, `2026-11-23T08:00:00Z`, or a span back from `now` (`7d`).
    ///
    /// # Errors
    /// If the text is none of these.
    pub fn parse_point_or_span(text: &str, now: Self) -> Result<Self> {
        if let Ok(point) = text.parse::<jiff::Timestamp>() {
            return Ok(Self(point));
        }
        if let Ok(date) = text.parse::<jiff::civil::Date>() {
            return Ok(Self(date.to_zoned_datetime(TimeZone::UTC)?.timestamp()));
        }
        match text.parse::<Span>() {
            Ok(span) => now.before(span),
            Err(_) => bail!(
                "\"{text}\" is not a time; expected a date (2026-11-23), a time (2026-11-23T08:00:00Z) or a span (7d, 12h)"
            ),
        }
    }
}

impl FromStr for Timestamp {
    type Err = anyhow::Error;

    /// Reads what `Display` writes.
    fn from_str(text: &str) -> Result<Self> {
        Ok(Self(text.parse()?))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:.6}", self.0)
    }
}

/// A span of time as `90d`, `12h`, `30m`, `45s` or `2w`; a day is 24 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span(SignedDuration);

impl Span {
    /// In its largest whole unit, as operators write it: `93d`, `5h`, `12m`.
    pub fn rounded(self) -> String {
        let seconds = self.0.as_secs();
        let units = [(86_400, "d"), (3_600, "h"), (60, "m")];
        let fitting = units.into_iter().find(|(length, _)| seconds >= *length);
        let (length, unit) = fitting.unwrap_or((1, "s"));
        format!("{}{unit}", seconds / length)
    }

    pub const fn days(count: i64) -> Self {
        Self(SignedDuration::from_hours(24 * count))
    }

    pub const fn seconds(count: i64) -> Self {
        Self(SignedDuration::from_secs(count))
    }

    /// Reads a span that may be none at all, `0s`.
    ///
    /// # Errors
    /// If the text is not a span.
    pub fn parse_or_none(text: &str) -> Result<Self> {
        match text {
            "0" | "0s" => Ok(Self::seconds(0)),
            text => text.parse(),
        }
    }

    /// In whole seconds.
    pub fn whole_seconds(self) -> i64 {
        self.0.as_secs()
    }

    /// The same as the standard library's type.
    pub fn duration(self) -> Duration {
        self.0.unsigned_abs()
    }
}

impl fmt::Display for Span {
    /// Exactly, so that it can be parsed again.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        let units = [(86_400, "d"), (3_600, "h"), (60, "m")];
        let exact = units.into_iter().find(|(length, _)| seconds % length == 0);
        let (length, unit) = exact.unwrap_or((1, "s"));
        write!(formatter, "{}{unit}", seconds / length)
    }
}

impl FromStr for Span {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let unit_at = text
            .find(|letter: char| !letter.is_ascii_digit())
            .unwrap_or(text.len());
        let (number, unit) = text.split_at(unit_at);
        let seconds: i64 = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 3_600,
            "d" => 86_400,
            "w" => 604_800,
            _ => bail!(
                "\"{text}\" is not a span of time; expected one such as 90d, 12h, 30m, 45s or 2w"
            ),
        };
        let total = number
            .parse::<i64>()
            .ok()
            .and_then(|number| number.checked_mul(seconds))
            .filter(|total| (1..=100 * 366 * 86_400).contains(total));
        match total {
            Some(total) => Ok(Self(SignedDuration::from_secs(total))),
            None => bail!("\"{text}\" is not a span of time between one second and 100 years"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp(text.parse().unwrap())
    }

    #[test]
    fn a_span_is_counted_back_from_now() {
        let now = at("2026-11-23T08:00:00Z");
        let read = |text| {
            Timestamp::parse_point_or_span(text, now)
                .unwrap()
                .to_string()
        };
        assert_eq!(read("7d"), "2026-11-16T08:00:00.000000Z");
        assert_eq!(read("2026-11-20"), "2026-11-20T00:00:00.000000Z");
        assert_eq!(
            read("2026-11-20T01:02:03+01:00"),
            "2026-11-20T00:02:03.000000Z"
        );
    }

    #[test]
    fn the_time_of_a_log_is_in_its_zone() {
        let read = |text| Timestamp::parse_log_time(text, "Europe/Berlin");
        for (text, wanted) in [
            ("2026-11-23 09:00:00.5 CET", "2026-11-23T08:00:00.5Z"),
            ("2026-07-23 09:00:00 CEST", "2026-07-23T07:00:00Z"),
            ("2026-11-23 09:00:00.123 UTC", "2026-11-23T09:00:00.123Z"),
            ("1764189716.5", "2025-11-26T20:41:56.5Z"),
        ] {
            assert_eq!(read(text), Some(at(wanted)), "{text}");
        }
        assert_eq!(read("yesterday at noon"), None);
    }

    #[test]
    fn ninety_days_are_added() {
        let now = at("2026-11-23T08:00:00Z");
        let span = "90d".parse().unwrap();
        assert_eq!(
            now.after(span).unwrap().to_string(),
            "2027-02-21T08:00:00.000000Z"
        );
    }

    #[test]
    fn a_span_is_shown_as_it_can_be_written_again() {
        for (written, shown) in [
            ("2w", "14d"),
            ("36h", "36h"),
            ("90m", "90m"),
            ("61s", "61s"),
        ] {
            assert_eq!(written.parse::<Span>().unwrap().to_string(), shown);
        }
    }

    #[test]
    fn an_age_is_shown_in_its_largest_whole_unit() {
        let now = at("2026-11-23T08:00:00Z");
        let age = |then| now.since(at(then)).rounded();
        assert_eq!(age("2026-08-23T08:00:01Z"), "91d");
        assert_eq!(age("2026-11-22T08:00:01Z"), "23h");
        assert_eq!(age("2026-11-23T07:59:00Z"), "1m");
        assert_eq!(age("2027-11-23T08:00:00Z"), "0s");
    }

    #[test]
    fn what_is_no_span_is_refused() {
        for text in [
            "",
            "d",
            "90",
            "-1d",
            "0d",
            "1y",
            "1.5h",
            "99999999999999999999d",
        ] {
            assert!(text.parse::<Span>().is_err(), "{text}");
        }
    }
}
