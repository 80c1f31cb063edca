//! A topic's own parties in its first record: printed for its founder to sign, read tolerantly from wherever the topic
//! was founded. It is part of what names the topic, so that nobody changes it afterwards.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    domain::{
        group::StakeholderGroup,
        vocabulary::{NamedParty, Vocabulary},
    },
    protocol::quirks::{member, one_or_many, text_of},
};

/// The member of a genesis that names the parties.
pub const MEMBER: &str = "parties";

/// As it stands in a genesis.
pub fn print(vocabulary: &Vocabulary) -> Value {
    vocabulary
        .parties()
        .iter()
        .map(|party| {
            let groups: Vec<&str> = party.groups.iter().map(|group| group.term()).collect();
            json!({
                "type": "plg:Party",
                "word": party.word,
                "nameMap": party.labels,
                "stakeholderGroup": groups,
            })
        })
        .collect()
}

/// The parties that a genesis names. A list that is not one through and through is none: half of it would put people
/// under headings that the topic never had.
pub fn of_genesis(genesis: &Value) -> Option<Vocabulary> {
    read(member(genesis, MEMBER)?)
}

/// The list itself.
pub fn read(list: &Value) -> Option<Vocabulary> {
    let parties = list.as_array()?.iter().map(party).collect::<Option<Vec<NamedParty>>>()?;
    Vocabulary::new(parties).ok().flatten()
}

fn party(document: &Value) -> Option<NamedParty> {
    let names = member(document, "nameMap")?.as_object()?;
    let labels: Option<BTreeMap<String, String>> =
        names.iter().map(|(tag, name)| Some((tag.clone(), name.as_str()?.to_owned()))).collect();
    let groups = one_or_many(document, "stakeholderGroup");
    let groups: Option<Vec<StakeholderGroup>> =
        groups.iter().map(|term| StakeholderGroup::from_term(term.as_str()?)).collect();
    Some(NamedParty {
        word: text_of(document, "word")?.to_owned(),
        labels: labels?,
        groups: groups?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_as_it_was_printed_and_half_of_one_is_none() {
        let typed = "farmers; civil-society; en: Farmers; fr: Agriculteurs\n\
            state; governments, international-organisations; en: State";
        let own = Vocabulary::read_lines(typed).unwrap().unwrap();
        let mut printed = print(&own);
        assert_eq!(printed[0]["stakeholderGroup"][0], "plg:civilSociety");
        assert_eq!(printed[1]["nameMap"]["en"], "State");
        assert_eq!(of_genesis(&json!({"parties": printed})), Some(own.clone()));
        // A single value stands without its list in compacted documents, and the full address for the term.
        printed[0]["stakeholderGroup"] = StakeholderGroup::CivilSociety.iri().into();
        assert_eq!(read(&printed), Some(own));
        for (member, wrong) in [
            ("stakeholderGroup", json!(["plg:civilSociety", "plg:farmers"])),
            ("nameMap", json!({"fr": "Agriculteurs"})),
            ("word", json!("state")),
            ("word", json!(7)),
        ] {
            let mut list = printed.clone();
            list[0][member] = wrong;
            assert_eq!(read(&list), None, "{list}");
        }
        assert_eq!(of_genesis(&json!({"name": "Costs"})), None);
        assert_eq!(of_genesis(&json!({"parties": []})), None);
    }
}
