//! Who stands where on an opinion: names by group, as pages show them. Nothing here counts them.

use std::collections::BTreeMap;

use super::{
    error_page::Refusal,
    map,
    rotation::{Place, rotate},
    session::Visitor,
    view::{OwnPosition, Reason, StandingCell, StandingName, StandingRow, Voice},
};
use crate::{
    base::clock::Timestamp,
    domain::{
        group::StakeholderGroup,
        position::{Capacity, PositionKind},
    },
    service::{
        Service,
        read::{ActorView, OpinionView, PositionView},
    },
};

/// The positions on an opinion that stand.
pub(super) struct Standing {
    live: Vec<(PositionKind, PositionView)>,
    principals: BTreeMap<String, ActorView>,
}

impl Standing {
    /// Reads them.
    pub(super) async fn of(service: &Service, opinion: &OpinionView) -> Result<Self, Refusal> {
        let positions = service.positions(opinion.room.id, &opinion.opinion.uri).await?;
        let live: Vec<_> = positions
            .into_iter()
            .filter(|view| view.position.live)
            .filter_map(|view| Some((view.position.kind.parse().ok()?, view)))
            .collect();
        let named = live.iter().filter_map(|(_, view)| view.position.on_behalf_of.clone());
        let principals = service.actor_views(named).await?;
        Ok(Self { live, principals })
    }

    /// Every group, in alphabetical order of the page's language, then those who declared none, if any.
    pub(super) fn rows(&self, visitor: &Visitor, opinion: &OpinionView) -> Vec<StandingRow> {
        let mut groups: Vec<Option<StakeholderGroup>> =
            visitor.t.sorted(StakeholderGroup::ALL).into_iter().map(Some).collect();
        if self.live.iter().any(|(_, view)| view.group.is_none()) {
            groups.push(None);
        }
        groups
            .into_iter()
            .map(|group| StandingRow {
                group,
                cells: PositionKind::ALL
                    .iter()
                    .map(|kind| self.cell(*kind, group, opinion))
                    .filter(|cell| !cell.names.is_empty())
                    .collect(),
            })
            .collect()
    }

    fn cell(
        &self,
        kind: PositionKind,
        group: Option<StakeholderGroup>,
        opinion: &OpinionView,
    ) -> StandingCell {
        let mut names: Vec<StandingName> = self
            .live
            .iter()
            .filter(|(held, view)| *held == kind && view.group == group)
            .map(|(_, view)| self.name(view, opinion))
            .collect();
        names.sort_by_cached_key(|name| {
            (name.voice.capacity != Capacity::Organization, name.voice.name.to_lowercase())
        });
        StandingCell { kind, names }
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
        let principal = position.on_behalf_of.as_ref().and_then(|uri| self.principals.get(uri));
        match principal {
            Some(body) if position.confirmed => {
                Voice { capacity: Capacity::Organization, ..map::voice(body, view.group, None) }
            }
            Some(body) => Voice { on_behalf_of: Some(body.name.clone()), ..voice },
            None => voice,
        }
    }

    /// Positions with a reason in fair rotation, and the group that begins.
    pub(super) fn reasons(
        &self,
        service: &Service,
        opinion: &OpinionView,
    ) -> (Vec<Reason>, Option<StakeholderGroup>) {
        let given = self.live.iter().filter(|(_, view)| view.position.statement.is_some());
        let place = |(_, view): &&(PositionKind, PositionView)| Place {
            group: view.group,
            actor: view.position.actor.clone(),
            entry: view.position.entry_hash.clone(),
        };
        let (given, start) =
            rotate(&opinion.room.topic, service.now(), given.collect::<Vec<_>>(), place);
        let reason = |(kind, view): &(PositionKind, PositionView)| Reason {
            anchor: anchor(view),
            voice: self.voice(view),
            kind: *kind,
            revision: view.position.revision,
            at: Timestamp::from_millis(view.position.published),
            statement: map::text(
                view.position.statement.as_deref().unwrap_or_default(),
                view.position.language.as_deref().unwrap_or_default(),
            ),
        };
        (given.into_iter().map(reason).collect(), start)
    }

    /// The reader's own position, the latest where they hold several.
    pub(super) fn own(&self, visitor: &Visitor) -> Option<OwnPosition> {
        let (kind, view) =
            self.live.iter().rev().find(|(_, view)| visitor.is(&view.position.actor))?;
        Some(OwnPosition {
            kind: *kind,
            revision: view.position.revision,
            at: Timestamp::from_millis(view.position.published),
            withdraw_href: format!("/positions/{}/withdraw", view.key),
        })
    }
}

/// Id of a position in the page of positions.
pub(super) fn anchor(view: &PositionView) -> String {
    format!("s-{}", view.key)
}
