//! Which proxy a request uses, chosen as curl does (everything.curl.dev, "Proxy environment variables"): by the URL's
//! scheme, and none for the hosts in `no_proxy`.

use std::net::IpAddr;

use crate::domain::variables::Variables;

/// The URL of the proxy for a request; `None` if it goes to its host directly.
pub fn proxy_for(variables: &Variables, scheme: &str, host: &str) -> Option<String> {
    let first = |names: &[&str]| names.iter().find_map(|name| variables.text(name));
    // A CGI server passes a request's header "Proxy" to programs as HTTP_PROXY: like curl, this ignores it.
    let own: &[&str] = match scheme {
        "https" => &["https_proxy", "HTTPS_PROXY"],
        _ => &["http_proxy"],
    };
    let proxy = first(own).or_else(|| first(&["all_proxy", "ALL_PROXY"]))?;
    if first(&["no_proxy", "NO_PROXY"]).is_some_and(|list| is_listed(list, host)) {
        return None;
    }
    let has_scheme = proxy.contains("://");
    Some(if has_scheme {
        proxy.to_owned()
    } else {
        format!("http://{proxy}")
    })
}

/// Whether `no_proxy` covers the host: by `*`, a name and its subdomains, an address, or a network.
fn is_listed(list: &str, host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    if list.trim() == "*" {
        return true;
    }
    let address: Option<IpAddr> = host.parse().ok();
    let entries = list.split(|letter: char| letter == ',' || letter.is_whitespace());
    let mut entries = entries.filter(|entry| !entry.is_empty());
    entries.any(|entry| {
        let entry = entry.to_ascii_lowercase();
        if let Some(address) = address {
            return holds_address(&entry, address);
        }
        let name = entry.trim_start_matches('.').trim_end_matches('.');
        host == name
            || host
                .strip_suffix(name)
                .is_some_and(|rest| rest.ends_with('.'))
    })
}

fn holds_address(entry: &str, address: IpAddr) -> bool {
    let (network, length) = match entry.split_once('/') {
        Some((network, length)) => (network, length.parse().ok()),
        None => (entry, Some(128)),
    };
    let network = network.trim_start_matches('[').trim_end_matches(']');
    let (Ok(network), Some(length)) = (network.parse::<IpAddr>(), length) else {
        return false;
    };
    match (network, address) {
        (IpAddr::V4(network), IpAddr::V4(address)) => {
            let bits = 32_u32.saturating_sub(length);
            let shift = |address: u32| address.checked_shr(bits).unwrap_or(0);
            shift(network.to_bits()) == shift(address.to_bits())
        }
        (IpAddr::V6(network), IpAddr::V6(address)) => {
            let bits = 128_u32.saturating_sub(length);
            let shift = |address: u128| address.checked_shr(bits).unwrap_or(0);
            shift(network.to_bits()) == shift(address.to_bits())
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(pairs: &[(&str, &str)]) -> Variables {
        Variables::of(pairs)
    }

    #[test]
    fn the_scheme_decides_and_the_upper_case_of_http_is_not_read() {
        let of = |pairs: &[(&str, &str)], scheme| proxy_for(&variables(pairs), scheme, "h.example");
        let both = [("http_proxy", "a:1"), ("HTTPS_PROXY", "https://b:2")];
        assert_eq!(of(&both, "http").as_deref(), Some("http://a:1"));
        assert_eq!(of(&both, "https").as_deref(), Some("https://b:2"));
        assert_eq!(of(&[("HTTP_PROXY", "a:1")], "http"), None);
        assert_eq!(of(&[("http_proxy", "a:1")], "https"), None);
        let all = [("ALL_PROXY", "a:1"), ("https_proxy", "b:2")];
        assert_eq!(of(&all, "http").as_deref(), Some("http://a:1"));
        assert_eq!(of(&all, "https").as_deref(), Some("http://b:2"));
    }

    #[test]
    fn no_proxy_names_hosts_domains_addresses_and_networks() {
        for (list, host) in [
            ("*", "any.example"),
            ("example.com", "example.com"),
            ("x, example.com", "hooks.example.com"),
            (".Example.com", "HOOKS.example.com."),
            ("10.0.0.0/8", "10.200.3.4"),
            ("192.168.1.5", "192.168.1.5"),
            ("0.0.0.0/0", "1.2.3.4"),
            ("fd00::/8", "[fd12::1]"),
            ("a b 127.0.0.1", "127.0.0.1"),
        ] {
            assert!(is_listed(list, host), "{list} {host}");
        }
        for (list, host) in [
            ("example.com", "notexample.com"),
            ("hooks.example.com", "example.com"),
            ("10.0.0.0/8", "11.0.0.1"),
            ("10.0.0.0/x", "10.0.0.1"),
            ("192.168.1.5", "192.168.1.50"),
            ("fd00::/8", "fe80::1"),
            ("", "example.com"),
        ] {
            assert!(!is_listed(list, host), "{list} {host}");
        }
    }
}
