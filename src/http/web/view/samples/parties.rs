//! Examples of a topic with words of its own for its parties.

use super::*;
use crate::domain::{
    lens::{Parties, Party},
    vocabulary::Vocabulary,
};

const TYPED: &str = "farmers; civil-society; en: Farmers; fr: Agriculteurs\n\
unions; civil-society; en: Unions\nstate; governments, international-organisations; en: State and <others>; ar: الدولة";

fn division() -> Parties {
    Vocabulary::read_lines(TYPED).unwrap().unwrap().division()
}

/// The parties that the topic names.
pub(super) fn named() -> Vec<Party> {
    division().named().iter().filter(|party| !party.is_rest()).cloned().collect()
}

/// The table of positions, seen through them.
pub(super) fn standing(t: Texts) -> Vec<StandingRow> {
    let division = division();
    let voice = organisation("Harbour Cable Company", Group::Governments);
    let name = StandingName { voice, older_revision: None, href: "/p/harbour".into() };
    let row = |party: &Party| StandingRow {
        group: None,
        cells: if party.groups.contains(&Group::Governments) {
            vec![StandingCell::new(PositionKind::Support, vec![name.clone()])]
        } else {
            Vec::new()
        },
        party: Some(party.clone()),
    };
    t.parties(&division).into_iter().map(row).collect()
}

/// Who facilitates it.
pub(super) fn facilitators(t: Texts, add: &mut impl FnMut(&str, &dyn askama::DynTemplate)) {
    let row = |name: &str| FacilitatorRow {
        voice: person(name, Group::CivilSociety),
        uri: "https://cs.example/p/somebody".into(),
    };
    let page = FacilitatorsPage {
        t,
        page: signed_in("/t/wells/facilitators", Section::Topics),
        topic: link("Wells", "/t/wells"),
        rows: vec![row("Sunniva Aas"), row("Nobody <In> Particular")],
        is_one: true,
        action: "/t/wells/facilitators".into(),
        participant: "\"><script>".into(),
        errors: FormErrors::none().add_text("participant", "nobody of this handle".into()),
    };
    add("facilitators", &page);
    let rows = vec![row("Sunniva Aas")];
    add(
        "facilitators-one",
        &FacilitatorsPage { rows, is_one: false, errors: FormErrors::none(), ..page },
    );
}

/// The form of a topic.
pub(super) fn form(t: Texts, add: &mut impl FnMut(&str, &dyn askama::DynTemplate)) {
    let page = TopicFormPage {
        t,
        page: signed_in("/topics/new", Section::Topics),
        groups: t.sorted(Group::ALL),
        form: TopicForm {
            name: "Wells".into(),
            question: "Who may drill?\nAnd how deep?".into(),
            slug: "Wells 1".into(),
            language: "en".into(),
            parties: TYPED.into(),
        },
        errors: FormErrors::none()
            .add("question", Fault::TooLong)
            .add_text("slug", "must begin with a letter".into())
            .add_text("parties", "the word `a b` cannot name a party".into()),
    };
    add("topic-form", &page);
    let (form, errors) = (TopicForm::default(), FormErrors::none());
    add("topic-form-empty", &TopicFormPage { form, errors, ..page });
}
