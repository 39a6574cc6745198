//! Picking tenants by schema, display name, pattern or state.

use super::{Found, TenantState};
use crate::{Error, ErrorKind, Result};

/// How a person names a part of the fleet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Schemas or display names.
    pub names: Vec<String>,
    /// Patterns over schema and display name: `*` and `?`.
    pub select: Vec<String>,
    /// Patterns to leave out.
    pub except: Vec<String>,
    /// Only tenants in this state.
    pub state: Option<TenantState>,
    /// Every tenant is meant, and a person has said so.
    pub all: bool,
}

impl Selection {
    /// These schemas or display names.
    pub fn named(names: impl IntoIterator<Item = String>) -> Self {
        Self { names: names.into_iter().collect(), ..Self::default() }
    }

    /// Nothing narrows it: every tenant is meant.
    pub fn is_everything(&self) -> bool {
        self.names.is_empty() && self.select.is_empty() && self.except.is_empty() && self.state.is_none()
    }

    /// A person has said which tenants, or that all of them are meant.
    pub fn is_said(&self) -> bool {
        self.all || !self.names.is_empty() || !self.select.is_empty()
    }

    /// The tenants that are meant. Without any name or pattern: all of them, less the exceptions.
    ///
    /// # Errors
    /// [`ErrorKind::TenantMissing`], [`ErrorKind::TenantAmbiguous`], [`ErrorKind::NothingSelected`].
    pub fn of<'a>(&self, found: &'a [Found]) -> Result<Vec<&'a Found>> {
        let chosen = self.of_any(found)?;
        if chosen.is_empty() {
            let hint = match (found.is_empty(), self.is_everything()) {
                (true, _) => {
                    "This database has no tenant. `cadastre tenant adopt` shows which schemas there are, and why they are none."
                }
                (false, false) => "No tenant fits. `cadastre tenant list` shows the tenants.",
                (false, true) => return Err(ErrorKind::NothingSelected.into()),
            };
            return Err(Error::new(ErrorKind::NothingSelected).hint(hint));
        }
        Ok(chosen)
    }

    /// Like [`Selection::of`], for work on several: a name that fits no tenant does not keep the others from theirs.
    /// It comes back as the second part.
    pub fn of_several<'a>(&self, found: &'a [Found]) -> Result<(Vec<&'a Found>, Vec<String>)> {
        let is_missing =
            |name: &String| one(found, name).is_err_and(|e| matches!(e.kind(), ErrorKind::TenantMissing { .. }));
        let (missing, known): (Vec<String>, Vec<String>) = self.names.iter().cloned().partition(is_missing);
        if missing.is_empty() || known.is_empty() {
            return Ok((self.of(found)?, Vec::new()));
        }
        let several = Self { names: known, ..self.clone() };
        Ok((several.of(found)?, missing))
    }

    /// Like [`Selection::of`], for looking: no tenant at all is an answer too.
    pub fn of_any<'a>(&self, found: &'a [Found]) -> Result<Vec<&'a Found>> {
        let mut chosen: Vec<&Found> = if !self.names.is_empty() {
            choose(found, &self.names)?
        } else if self.select.is_empty() {
            found.iter().collect()
        } else {
            found.iter().filter(|t| self.select.iter().any(|p| fits(p, t))).collect()
        };
        chosen.retain(|t| !self.except.iter().any(|p| fits(p, t)));
        chosen.retain(|t| self.state.is_none_or(|s| t.summary.state == s));
        Ok(chosen)
    }
}

/// The tenants of these schemas or display names, in the order of the list; all of them when `names` is empty.
///
/// # Errors
/// [`ErrorKind::TenantMissing`] or [`ErrorKind::TenantAmbiguous`] for the first name that does not fit exactly one.
pub fn choose<'a>(found: &'a [Found], names: &[String]) -> Result<Vec<&'a Found>> {
    if names.is_empty() {
        return Ok(found.iter().collect());
    }
    let mut chosen: Vec<&Found> = names.iter().map(|name| one(found, name)).collect::<Result<_>>()?;
    chosen.sort_by(|a, b| a.summary.schema.cmp(&b.summary.schema));
    chosen.dedup_by(|a, b| a.summary.schema == b.summary.schema);
    Ok(chosen)
}

fn one<'a>(found: &'a [Found], name: &str) -> Result<&'a Found> {
    if let Some(tenant) = found.iter().find(|t| t.summary.schema == name) {
        return Ok(tenant);
    }
    let named: Vec<&Found> = found.iter().filter(|t| t.summary.name.eq_ignore_ascii_case(name)).collect();
    match named.as_slice() {
        [tenant] => Ok(tenant),
        [] => Err(ErrorKind::TenantMissing { name: name.to_owned() }.into()),
        several => {
            let schemas = several.iter().map(|t| t.summary.schema.as_str()).collect::<Vec<_>>().join(", ");
            Err(ErrorKind::TenantAmbiguous { name: name.to_owned(), schemas }.into())
        }
    }
}

fn fits(pattern: &str, tenant: &Found) -> bool {
    glob(pattern, &tenant.summary.schema) || glob(pattern, &tenant.summary.name)
}

/// `*` stands for any characters, `?` for one.
pub(crate) fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    // Where to go on after the last `*` when the rest does not fit.
    let (mut p, mut t, mut retry) = (0, 0, None);
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                retry = Some((p + 1, t + 1));
                p += 1;
            }
            Some(c) if *c == '?' || *c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => match retry {
                Some((after_star, next)) => {
                    (p, t) = (after_star, next);
                    retry = Some((after_star, next + 1));
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::glob;

    #[test]
    fn patterns_fit_whole_names() {
        assert!(glob("*", ""));
        assert!(glob("esn_*", "esn_bretagne"));
        assert!(glob("*_2?", "acd_26"));
        assert!(glob("a*b*c", "a-b-b-c"));
        assert!(!glob("esn", "esn_bretagne"));
        assert!(!glob("a?", "a"));
    }
}
