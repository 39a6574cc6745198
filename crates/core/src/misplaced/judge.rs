//! Whose an object is, by what was found out about it.

use super::types::{Certainty, Clue};
use std::collections::BTreeSet;

/// Names in a sentence: the first few, and how many more.
const SHOWN: usize = 5;

/// What is known about one object. Tenants are numbers (OIDs of their schemas).
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    /// Tenants that have an object of this name and sort.
    pub holders: BTreeSet<u32>,
    /// All tenants.
    pub tenants: BTreeSet<u32>,
    /// Schemas that hold no table, and may be tenants.
    pub empty: BTreeSet<u32>,
    /// The object is built as the one of the reference; none where that was not compared.
    pub equal: Option<bool>,
    /// Tenants with something that this object holds on to.
    pub out: BTreeSet<u32>,
    /// Tenants with something that holds on to this object.
    pub inward: BTreeSet<u32>,
    /// The tenant that the owner belongs to, and how that is known.
    pub owner: Option<(u32, Clue)>,
    /// The table of a migration tool.
    pub book: bool,
    /// The tenant that lacks it has not applied what the reference has, which would explain why.
    pub behind: bool,
}

/// What follows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Verdict {
    pub tenant: Option<u32>,
    pub certainty: Certainty,
    pub evidence: Vec<Clue>,
    pub doubts: Vec<Clue>,
}

impl Known {
    /// Tenants that have nothing of this name, where others have.
    fn lacking(&self) -> BTreeSet<u32> {
        if self.holders.is_empty() {
            BTreeSet::new()
        } else {
            self.tenants.difference(&self.holders).copied().collect()
        }
    }

    /// The one schema that lacks it, and whether it is an empty one.
    pub fn lacks(&self) -> Option<(u32, bool)> {
        let lacking = self.lacking();
        match (lacking.len(), self.empty.len()) {
            (1, _) => lacking.first().map(|oid| (*oid, false)),
            (0, 1) if !self.holders.is_empty() => self.empty.first().map(|oid| (*oid, true)),
            _ => None,
        }
    }

    /// Weighs it; none for what nothing connects with a tenant.
    pub fn judge(&self, name: &dyn Fn(u32) -> String, reference: &str) -> Option<Verdict> {
        let linked: BTreeSet<u32> = self.out.union(&self.inward).copied().collect();
        let lacks = self.lacks();
        let owner = self.owner.as_ref().map(|(tenant, _)| *tenant);
        // A table that many share may be used by one of them alone: that says nothing by itself.
        let link = linked.first().copied().filter(|one| {
            linked.len() == 1 && (!self.out.is_empty() || lacks.map(|l| l.0) == Some(*one) || owner == Some(*one))
        });
        if self.holders.is_empty() && owner.is_none() && link.is_none() {
            return None;
        }
        let names = |oids: &BTreeSet<u32>| listed(&oids.iter().map(|oid| name(*oid)).collect::<Vec<_>>());
        let unknown = |tenant, code: &str, message: String, params: &[(&str, String)]| {
            let doubts = vec![Clue::new(code, message, params)];
            Some(Verdict { tenant, certainty: Certainty::Unknown, evidence: Vec::new(), doubts })
        };
        if linked.len() > 1 {
            if self.holders.is_empty() {
                return None;
            }
            let message = format!("Several tenants are connected with it: {}.", names(&linked));
            return unknown(None, "shared", message, &[("tenants", names(&linked))]);
        }
        let targets: BTreeSet<u32> = [lacks.map(|l| l.0), owner, link].into_iter().flatten().collect();
        if targets.len() > 1 {
            let message = format!("It points to several tenants: {}.", names(&targets));
            return unknown(None, "several_tenants", message, &[("tenants", names(&targets))]);
        }
        let Some(target) = targets.first().copied() else {
            let lacking = self.lacking();
            if lacking.is_empty() {
                let message = "Every tenant has one of this name.".to_owned();
                return unknown(None, "nobody_lacks", message, &[]);
            }
            let message = format!("Several tenants have none of this name: {}.", names(&lacking));
            return unknown(None, "several_lack", message, &[("tenants", names(&lacking))]);
        };
        if self.book {
            let message = "It holds the books of a migration tool, which may be about this schema itself.".to_owned();
            return unknown(Some(target), "book", message, &[]);
        }
        if self.holders.contains(&target) {
            let message = format!("{} has one of this name, too.", name(target));
            return unknown(Some(target), "there_too", message, &[("tenant", name(target))]);
        }
        Some(self.weigh(target, link.is_some(), name, reference))
    }

    /// Everything points to one tenant, which lacks it.
    fn weigh(&self, target: u32, linked: bool, name: &dyn Fn(u32) -> String, reference: &str) -> Verdict {
        let (mut evidence, mut doubts) = (Vec::new(), Vec::new());
        let shown = name(target);
        let have = self.holders.len().to_string();
        let alone = self.lacks().filter(|(one, _)| *one == target);
        if alone.is_some() {
            let message = format!("{shown} alone has none of this name; {have} tenants have one.");
            evidence.push(Clue::new(
                "only_one_lacks",
                message,
                &[("tenant", shown.clone()), ("tenants", have.clone())],
            ));
        } else if !self.holders.is_empty() {
            let lacking = self.lacking().len().to_string();
            let message = format!("{lacking} tenants have none of this name.");
            doubts.push(Clue::new("several_lack", message, &[("tenants", lacking)]));
        }
        match self.equal {
            Some(true) => {
                let message = format!("It is built like that of {reference}.");
                evidence.push(Clue::new("same_structure", message, &[("reference", reference.to_owned())]));
            }
            Some(false) => {
                let message = format!("It is not built like that of {reference}.");
                doubts.push(Clue::new("structure_differs", message, &[("reference", reference.to_owned())]));
            }
            None => {}
        }
        if let Some((_, clue)) = &self.owner {
            evidence.push(clue.clone());
        }
        if linked {
            let (code, message) = match (self.out.is_empty(), self.inward.is_empty()) {
                (false, false) => {
                    ("linked_both", format!("It and {shown} hold on to each other, and no other tenant does."))
                }
                (false, true) => ("linked_out", format!("It holds on to what {shown} has, and to no other tenant.")),
                (true, _) => ("linked_in", format!("{shown} holds on to it, and no other tenant does.")),
            };
            evidence.push(Clue::new(code, message, &[("tenant", shown.clone())]));
        }
        if self.behind {
            let message =
                format!("{shown} has not applied all migrations of {reference}, which may be why it has none.");
            doubts.push(Clue::new(
                "behind",
                message,
                &[("tenant", shown.clone()), ("reference", reference.to_owned())],
            ));
        }
        let empty = alone.is_some_and(|(_, empty)| empty);
        if empty {
            let message = format!("The schema {shown} holds no table yet.");
            doubts.push(Clue::new("empty_schema", message, &[("tenant", shown)]));
        }
        let said = self.owner.is_some() || linked;
        let certainty = match (alone.is_some(), self.equal) {
            (true, Some(true)) if self.holders.len() >= 2 && !self.behind && (!empty || self.owner.is_some()) => {
                Certainty::Sure
            }
            (true, Some(true)) => Certainty::Likely,
            _ if said => Certainty::Likely,
            _ => Certainty::Unknown,
        };
        Verdict { tenant: Some(target), certainty, evidence, doubts }
    }
}

/// Names for a sentence: the first few, and how many more there are.
pub(super) fn listed(names: &[String]) -> String {
    let shown = names[..names.len().min(SHOWN)].join(", ");
    if names.len() > SHOWN { format!("{shown} and {} more", names.len() - SHOWN) } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(numbers: &[u32]) -> BTreeSet<u32> {
        numbers.iter().copied().collect()
    }

    fn three(holders: &[u32]) -> Known {
        Known { holders: set(holders), tenants: set(&[1, 2, 3]), equal: Some(true), ..Known::default() }
    }

    fn owned(tenant: u32) -> Option<(u32, Clue)> {
        Some((tenant, Clue::new("owner", "It belongs to the tenant's role.".into(), &[])))
    }

    fn verdict(known: &Known) -> Option<(Option<u32>, Certainty, String)> {
        let verdict = known.judge(&|oid| format!("t{oid}"), "t1")?;
        Some((verdict.tenant, verdict.certainty, verdict.doubts.first().map(|d| d.code.clone()).unwrap_or_default()))
    }

    #[test]
    fn what_one_of_several_lacks_is_sure_when_it_is_built_alike() {
        assert_eq!(verdict(&three(&[1, 2])), Some((Some(3), Certainty::Sure, String::new())));
        let other = Known { equal: Some(false), ..three(&[1, 2]) };
        assert_eq!(verdict(&other), Some((Some(3), Certainty::Unknown, "structure_differs".into())));
        let behind = Known { behind: true, ..three(&[1, 2]) };
        assert_eq!(verdict(&behind), Some((Some(3), Certainty::Likely, "behind".into())));
        let two = Known { tenants: set(&[1, 3]), ..three(&[1]) };
        assert_eq!(verdict(&two), Some((Some(3), Certainty::Likely, String::new())));
        assert_eq!(
            verdict(&Known { book: true, ..three(&[1, 2]) }),
            Some((Some(3), Certainty::Unknown, "book".into()))
        );
    }

    #[test]
    fn what_several_lack_or_everybody_has_cannot_be_told() {
        assert_eq!(verdict(&three(&[1])), Some((None, Certainty::Unknown, "several_lack".into())));
        assert_eq!(verdict(&three(&[1, 2, 3])), Some((None, Certainty::Unknown, "nobody_lacks".into())));
        assert_eq!(verdict(&three(&[])), None, "an application's own table");
        let said = Known { owner: owned(2), ..three(&[1]) };
        assert_eq!(verdict(&said), Some((Some(2), Certainty::Likely, "several_lack".into())));
        let there = Known { owner: owned(2), ..three(&[1, 2, 3]) };
        assert_eq!(verdict(&there), Some((Some(2), Certainty::Unknown, "there_too".into())));
    }

    #[test]
    fn clues_that_contradict_each_other_decide_nothing() {
        assert_eq!(verdict(&Known { owner: owned(1), ..three(&[1, 2]) }).map(|v| v.2), Some("several_tenants".into()));
        let shared = Known { inward: set(&[1, 3]), ..three(&[1, 2]) };
        assert_eq!(verdict(&shared).map(|v| v.2), Some("shared".into()));
        assert_eq!(verdict(&Known { inward: set(&[1, 2, 3]), ..three(&[]) }), None, "what all share");
        assert_eq!(verdict(&Known { inward: set(&[1]), ..three(&[]) }), None, "what may be shared, and one uses");
        let holds = Known { out: set(&[1]), ..three(&[]) };
        assert_eq!(verdict(&holds).map(|v| (v.0, v.1)), Some((Some(1), Certainty::Likely)));
    }

    #[test]
    fn an_empty_schema_is_meant_when_its_own_role_says_so() {
        let empty = Known { tenants: set(&[1, 2]), empty: set(&[9]), ..three(&[1, 2]) };
        assert_eq!(verdict(&empty).map(|v| (v.0, v.1)), Some((Some(9), Certainty::Likely)));
        let owner = Known { owner: owned(9), ..empty.clone() };
        assert_eq!(verdict(&owner).map(|v| v.1), Some(Certainty::Sure));
        let two = Known { empty: set(&[8, 9]), ..empty };
        assert_eq!(verdict(&two).map(|v| v.2), Some("nobody_lacks".into()));
    }
}
