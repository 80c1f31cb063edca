//! Who stands where on an opinion: names by group, as pages show them. Nothing here counts them.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    error_page::Refusal,
    fields::Asked,
    i18n::letters,
    map,
    session::Visitor,
    view::{
        Figure, FigureRow, NAMES_FIRST, OwnPosition, Reason, Signer, SignerGroup, Signers, Square,
        StandingCell, StandingName, StandingRow, Voice,
    },
};
use crate::{
    base::clock::Timestamp,
    domain::{
        attestation::ProofLevel,
        group::StakeholderGroup,
        lens::{Parties, Party, Through},
        letter::Deadline,
        position::{Capacity, PositionKind},
        region::Region,
        rotation::{Place, rotate},
    },
    service::{
        Service,
        read::{ActorView, NamedPosition, OpinionView, PositionView, PositionViews, StanceView},
    },
};

/// Reasons on one page.
const REASONS_PAGE: usize = 50;

/// Which positions a page shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Filter {
    /// Only those taken on this revision.
    pub(super) revision: Option<i64>,
    /// Under the headings of this list, instead of the eight groups: it leaves nobody out.
    pub(super) lens: Option<Through>,
    /// Only those of whom it is known at least so well who they are.
    pub(super) proof: Option<ProofLevel>,
    /// Only those taken from this region.
    pub(super) region: Option<Region>,
}

impl Filter {
    /// As an address asks for it; what is not understood asks for nothing.
    pub(super) fn read(asked: &Asked) -> Self {
        Self {
            revision: asked.get("revision").parse().ok(),
            lens: asked.get("lens").parse().ok(),
            proof: asked.get("proof").parse().ok(),
            region: asked.get("region").parse().ok(),
        }
    }

    /// As it stands in an address, with `?` before it where there is anything.
    pub(super) fn query(self) -> String {
        let revision = self.revision.map(|number| format!("revision={number}"));
        let lens = self.lens.map(|lens| format!("lens={}", lens.word()));
        let proof = self.proof.map(|level| format!("proof={level}"));
        let region = self.region.map(|region| format!("region={region}"));
        let asked: Vec<String> = [revision, lens, proof, region].into_iter().flatten().collect();
        if asked.is_empty() { String::new() } else { format!("?{}", asked.join("&")) }
    }

    /// Whether it leaves anything out.
    pub(super) fn narrows(self) -> bool {
        self.proof.is_some() || self.region.is_some()
    }

    fn takes(self, view: &PositionView, principals: &BTreeMap<String, ActorView>) -> bool {
        self.revision.is_none_or(|number| view.position.revision == number)
            && self.proof.is_none_or(|level| view.is_proven(level, principals))
            && self.region.is_none_or(|region| view.is_from(region))
    }
}

/// A position that stands.
struct Stand {
    kind: PositionKind,
    view: PositionView,
}

/// The positions on an opinion that stand.
pub(super) struct Standing {
    /// One's own, or for an organisation that confirms it.
    stands: Vec<Stand>,
    /// Those who say they speak for somebody who does not confirm it.
    claims: Vec<Stand>,
    /// On a text that is not held here.
    unknown: Vec<Stand>,
    principals: BTreeMap<String, ActorView>,
    /// The headings; none for the eight groups.
    parties: Option<Parties>,
}

/// The reasons of one page.
pub(super) struct Reasons {
    pub(super) shown: Vec<Reason>,
    /// The group that begins.
    pub(super) start: Option<StakeholderGroup>,
    /// After how many the next page goes on.
    pub(super) next: Option<usize>,
}

impl Standing {
    /// Reads them.
    pub(super) async fn of(service: &Service, opinion: &OpinionView) -> Result<Self, Refusal> {
        Self::filtered(service, opinion, Filter::default()).await
    }

    /// Reads of every group and kind as many names as a short table shows, and one more where there are others.
    pub(super) async fn first_names(
        service: &Service,
        opinion: &OpinionView,
    ) -> Result<Self, Refusal> {
        let (room_id, uri) = (opinion.room.id, &opinion.opinion.uri);
        let known: BTreeSet<&str> =
            opinion.revisions.iter().map(|revision| revision.digest.as_str()).collect();
        let mut cells: BTreeMap<_, Vec<NamedPosition>> = BTreeMap::new();
        for named in service.named_positions(room_id, uri).await? {
            if known.contains(named.digest.as_str()) {
                cells.entry((named.group, named.kind.word())).or_default().push(named);
            }
        }
        let shown: Vec<String> = cells
            .into_values()
            .flat_map(|mut cell| {
                if cell.len() > NAMES_FIRST {
                    cell.sort_by_cached_key(|named| {
                        (!named.is_of_organisation, letters(&named.name), named.entry_hash.clone())
                    });
                    cell.truncate(NAMES_FIRST + 1);
                }
                cell.into_iter().map(|named| named.entry_hash)
            })
            .collect();
        let held = service.positions_of_entries(room_id, &shown).await?;
        Ok(Self::sorted(held, opinion, Filter::default()))
    }

    /// Reads those that a filter takes.
    pub(super) async fn filtered(
        service: &Service,
        opinion: &OpinionView,
        filter: Filter,
    ) -> Result<Self, Refusal> {
        let held = service.live_positions(opinion.room.id, &opinion.opinion.uri).await?;
        Ok(Self::sorted(held, opinion, filter))
    }

    /// What a reader holds themselves, the latest where they hold several.
    pub(super) async fn own_of(
        service: &Service,
        visitor: &Visitor,
        opinion: &OpinionView,
    ) -> Result<Option<OwnPosition>, Refusal> {
        let Some(session) = &visitor.session else { return Ok(None) };
        let (room_id, uri) = (opinion.room.id, &opinion.opinion.uri);
        let held = service.live_positions_of(room_id, uri, &session.caller.actor.uri).await?;
        Ok(Self::sorted(held, opinion, Filter::default()).own(visitor))
    }

    fn sorted(
        (positions, principals): PositionViews,
        opinion: &OpinionView,
        filter: Filter,
    ) -> Self {
        let known: BTreeSet<&str> =
            opinion.revisions.iter().map(|revision| revision.digest.as_str()).collect();
        let mut standing = Self {
            stands: Vec::new(),
            claims: Vec::new(),
            unknown: Vec::new(),
            principals,
            parties: filter.lens.and_then(|lens| division(lens, opinion)),
        };
        for view in positions {
            if !filter.takes(&view, &standing.principals) {
                continue;
            }
            let Ok(kind) = view.position.kind.parse() else { continue };
            let list = if !known.contains(view.position.revision_digest.as_str()) {
                &mut standing.unknown
            } else if view.position.confirmed {
                &mut standing.stands
            } else {
                &mut standing.claims
            };
            list.push(Stand { kind, view });
        }
        standing
    }

    fn groups(&self, visitor: &Visitor) -> Vec<Option<StakeholderGroup>> {
        let mut groups: Vec<Option<StakeholderGroup>> =
            visitor.t.sorted(StakeholderGroup::ALL).into_iter().map(Some).collect();
        if self.stands.iter().any(|stand| stand.view.group.is_none()) {
            groups.push(None);
        }
        groups
    }

    /// Every group, in alphabetical order of the page's language, then those who declared none, if any; through a lens
    /// the headings of its list.
    pub(super) fn rows(&self, visitor: &Visitor, opinion: &OpinionView) -> Vec<StandingRow> {
        if let Some(parties) = &self.parties {
            let rows = visitor.t.parties(parties).into_iter().map(|party| {
                let own = |group| parties.party_of(group).word == party.word;
                let party = Some(party.clone());
                StandingRow { group: None, party, cells: self.cells(own, opinion) }
            });
            return rows
                .filter(|row| {
                    let unnamed = row.party.as_ref().is_some_and(Party::is_rest);
                    !unnamed || !row.cells.is_empty()
                })
                .collect();
        }
        self.groups(visitor)
            .into_iter()
            .map(|group| StandingRow {
                group,
                party: None,
                cells: self.cells(|other| other == group, opinion),
            })
            .collect()
    }

    /// What those of some groups hold, kind by kind.
    fn cells(
        &self,
        own: impl Fn(Option<StakeholderGroup>) -> bool,
        opinion: &OpinionView,
    ) -> Vec<StandingCell> {
        let cell = |kind: &PositionKind| {
            let mut names: Vec<StandingName> = self
                .stands
                .iter()
                .filter(|stand| stand.kind == *kind && own(stand.view.group))
                .map(|stand| self.name(&stand.view, opinion))
                .collect();
            names.sort_by_cached_key(|name| {
                (name.voice.capacity != Capacity::Organization, letters(&name.voice.name))
            });
            StandingCell::new(*kind, names)
        };
        PositionKind::ALL.iter().map(cell).filter(|cell| !cell.names.is_empty()).collect()
    }

    fn name(&self, view: &PositionView, opinion: &OpinionView) -> StandingName {
        let voice = self.voice(view);
        let revision = view.position.revision;
        StandingName {
            href: match view.position.statement {
                Some(_) => format!("/o/{}/positions#{}", opinion.key, anchor(view)),
                None => voice.href.clone(),
            },
            voice,
            older_revision: (revision != opinion.opinion.revision).then_some(revision),
        }
    }

    /// The organisation spoken for where it confirmed it; else the person, and what they claim.
    fn voice(&self, view: &PositionView) -> Voice {
        let position = &view.position;
        let voice = map::voice(&view.actor, view.group, Some(&position.capacity));
        let voice = map::stated(voice, &view.actor, position.attested_by.as_ref());
        let principal = position.on_behalf_of.as_ref().and_then(|uri| self.principals.get(uri));
        match principal {
            Some(body) if position.confirmed => {
                Voice { capacity: Capacity::Organization, ..map::voice(body, view.group, None) }
            }
            Some(body) => Voice { on_behalf_of: Some(body.name.clone()), ..voice },
            // What a reply by keyword says in words.
            None => Voice { on_behalf_of: position.claims_to_speak_for.clone(), ..voice },
        }
    }

    /// Positions with a reason in fair rotation, after so many.
    pub(super) fn reasons(
        &self,
        service: &Service,
        opinion: &OpinionView,
        after: usize,
    ) -> Reasons {
        let given = self.stands.iter().filter(|stand| stand.view.position.statement.is_some());
        let place = |stand: &&Stand| Place {
            group: stand.view.group,
            actor: stand.view.position.actor.clone(),
            entry: stand.view.position.entry_hash.clone(),
        };
        let (given, start) =
            rotate(&opinion.room.topic, service.now(), given.collect::<Vec<_>>(), place);
        let beyond = after.saturating_add(REASONS_PAGE);
        Reasons {
            next: (given.len() > beyond).then_some(beyond),
            shown: given
                .into_iter()
                .skip(after)
                .take(REASONS_PAGE)
                .map(|stand| self.reason(stand))
                .collect(),
            start,
        }
    }

    /// Who says they speak for somebody who does not confirm it, in the order they said so.
    pub(super) fn claims(&self) -> Vec<Reason> {
        self.claims.iter().map(|stand| self.reason(stand)).collect()
    }

    /// Positions on a text that is not held here.
    pub(super) fn unknown(&self) -> Vec<Reason> {
        self.unknown.iter().map(|stand| self.reason(stand)).collect()
    }

    /// Every position that stands, in the order they were taken, with the voice that holds it.
    pub(super) fn all(&self) -> Vec<(&PositionView, Voice)> {
        let mut all: Vec<&PositionView> = self
            .stands
            .iter()
            .chain(&self.claims)
            .chain(&self.unknown)
            .map(|stand| &stand.view)
            .collect();
        all.sort_by_key(|view| (view.position.published, &view.position.entry_hash));
        all.into_iter().map(|view| (view, self.voice(view))).collect()
    }

    fn reason(&self, Stand { kind, view }: &Stand) -> Reason {
        Reason {
            anchor: anchor(view),
            voice: self.voice(view),
            kind: *kind,
            revision: view.position.revision,
            at: Timestamp::from_millis(view.position.published),
            statement: map::text(
                view.position.statement.as_deref().unwrap_or_default(),
                view.position.language.as_deref().unwrap_or_default(),
            ),
        }
    }

    /// Who signed a letter, by its deadline and after it: whoever supports it, with or without a reservation, on any
    /// revision. The time at which it was received decides.
    pub(super) fn signers(
        &self,
        visitor: &Visitor,
        opinion: &OpinionView,
        deadline: &Deadline,
    ) -> (Signers, Signers) {
        let signed = |late: bool, organisations: bool| -> Vec<SignerGroup> {
            let groups = self.groups(visitor).into_iter().map(|group| {
                let signed = self.stands.iter().filter(|stand| {
                    let received = stand.view.position.received_at.map(Timestamp::from_millis);
                    stand.view.group == group
                        && matches!(stand.kind, PositionKind::Support | PositionKind::Reservation)
                        && deadline.is_late(received) == late
                });
                let mut signers: Vec<Signer> = signed
                    .map(|stand| {
                        let name = self.name(&stand.view, opinion);
                        Signer {
                            voice: name.voice,
                            href: name.href,
                            has_reservation: stand.kind == PositionKind::Reservation,
                            older_revision: name.older_revision,
                        }
                    })
                    .filter(|signer| {
                        (signer.voice.capacity == Capacity::Organization) == organisations
                    })
                    .collect();
                signers.sort_by_cached_key(|signer| letters(&signer.voice.name));
                SignerGroup { group, signers }
            });
            groups.filter(|group| !group.signers.is_empty()).collect()
        };
        let signers =
            |late| Signers { organisations: signed(late, true), persons: signed(late, false) };
        (signers(false), signers(true))
    }

    /// The table as a figure.
    pub(super) fn figure(&self, visitor: &Visitor, opinion: &OpinionView) -> Figure {
        let stances = self.stands.iter().map(|stand| {
            (stand.view.group, stand.kind, stand.view.position.revision_digest.as_str())
        });
        figure(visitor, &opinion.opinion.digest, stances)
    }

    fn own(&self, visitor: &Visitor) -> Option<OwnPosition> {
        let all = self.stands.iter().chain(&self.claims).chain(&self.unknown);
        let own = all.filter(|stand| visitor.speaks_as(&stand.view.position.actor));
        let stand = own.max_by_key(|stand| stand.view.position.published)?;
        Some(OwnPosition {
            kind: stand.kind,
            revision: stand.view.position.revision,
            at: Timestamp::from_millis(stand.view.position.published),
            withdraw_href: format!("/positions/{}/withdraw", stand.view.key),
        })
    }
}

/// The headings of a list; none where it is the topic's own and the topic has none.
fn division(through: Through, opinion: &OpinionView) -> Option<Parties> {
    match through {
        Through::Lens(lens) => Some(lens.parties().clone()),
        Through::Own => opinion.room.vocabulary().map(|own| own.division()),
    }
}

/// The figures of several opinions, from what the table of positions says of each.
pub(super) fn figure_of(
    visitor: &Visitor,
    opinion: &OpinionView,
    stances: &[StanceView],
) -> Figure {
    let own = stances.iter().filter(|stance| stance.opinion_uri == opinion.opinion.uri);
    let stances = own.map(|stance| (stance.group, stance.kind, stance.digest.as_str()));
    figure(visitor, &opinion.opinion.digest, stances)
}

/// A square is filled where somebody holds the position on the current text, and hatched where only on an earlier one:
/// how many do is nowhere in it.
fn figure<'a>(
    visitor: &Visitor,
    current: &str,
    stances: impl Iterator<Item = (Option<StakeholderGroup>, PositionKind, &'a str)>,
) -> Figure {
    let mut squares: BTreeMap<(Option<StakeholderGroup>, &str), Square> = BTreeMap::new();
    for (group, kind, digest) in stances {
        let square = squares.entry((group, kind.word())).or_insert(Square::Older);
        if digest == current {
            *square = Square::Held;
        }
    }
    let mut groups: Vec<Option<StakeholderGroup>> =
        visitor.t.sorted(StakeholderGroup::ALL).into_iter().map(Some).collect();
    if squares.keys().any(|(group, _)| group.is_none()) {
        groups.push(None);
    }
    let rows = groups.into_iter().map(|group| FigureRow {
        group,
        squares: PositionKind::ALL
            .iter()
            .map(|kind| (*kind, squares.get(&(group, kind.word())).copied().unwrap_or_default()))
            .collect(),
    });
    Figure { rows: rows.collect() }
}

/// Id of a position in the page of positions.
pub(super) fn anchor(view: &PositionView) -> String {
    format!("s-{}", view.key)
}
