//! A thread as clients show it: what stands above a post and all that stands below it, each answer below what it answers.

use std::collections::{BTreeMap, HashMap};

use futures::future::try_join3;

use super::posts::{PostKind, PostView};
use crate::{
    domain::filter::FilterContext,
    service::{Caller, Service, ServiceError},
    store::{
        answers,
        posts::{self, Held, Post, Said},
        projections,
    },
};

impl Service {
    /// What stands above a post, from the opinion down; and what stands below it, depth first, oldest first, all of it.
    /// What its author deleted is left out, and so is what the reader does not want to read; what answered it stands under
    /// the opinion.
    pub async fn post_context(
        &self,
        key: i64,
        reader: Option<&Caller>,
    ) -> Result<(Vec<PostView>, Vec<PostView>), ServiceError> {
        let (head, at) = self.head_of(key).await?;
        let Some(head) = head else { return Ok((Vec::new(), Vec::new())) };
        let Some(opinion) = posts::by_uri(&self.store, &head).await? else {
            return Ok((Vec::new(), Vec::new()));
        };
        let views = self.whole_thread(&opinion, at, reader).await?;
        let mut below: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
        let places: HashMap<i64, usize> =
            views.iter().enumerate().map(|(place, view)| (view.key, place)).collect();
        let parent_of = |view: &PostView| -> Option<i64> {
            let above = view.in_reply_to.map(|(key, _)| key).filter(|key| places.contains_key(key));
            above.or_else(|| (view.key != opinion.id).then_some(opinion.id))
        };
        for (place, view) in views.iter().enumerate() {
            if let Some(parent) = parent_of(view) {
                below.entry(parent).or_default().push(place);
            }
        }
        let mut ancestors = Vec::new();
        let mut up = places.get(&at).and_then(|place| views.get(*place)).and_then(parent_of);
        // A thread has no circles: each parent is older in the walk than what it is parent of, or the walk ends.
        while let Some(place) = up.and_then(|key| places.get(&key)) {
            if ancestors.len() > views.len() {
                break;
            }
            ancestors.push(*place);
            up = views.get(*place).and_then(parent_of);
        }
        ancestors.reverse();
        let mut order = Vec::new();
        let mut seen = std::collections::HashSet::from([at]);
        let mut open: Vec<usize> = below.get(&at).cloned().unwrap_or_default();
        open.reverse();
        while let Some(place) = open.pop() {
            let Some(view) = views.get(place) else { continue };
            if !seen.insert(view.key) {
                continue;
            }
            order.push(place);
            open.extend(below.get(&view.key).into_iter().flatten().rev());
        }
        let mut views: Vec<Option<PostView>> = views.into_iter().map(Some).collect();
        let mut take = |places: Vec<usize>| -> Vec<PostView> {
            places.into_iter().filter_map(|place| views.get_mut(place)?.take()).collect()
        };
        Ok((take(ancestors), take(order)))
    }

    /// The opinion at the end of the thread of a post, and the post's key.
    pub(super) async fn head_of(&self, key: i64) -> Result<(Option<String>, i64), ServiceError> {
        let not_here = || ServiceError::NotFound { what: "status" };
        let Some(post) = posts::by_id(&self.store, key).await? else {
            let answer = answers::by_id(&self.store, key).await?.ok_or_else(not_here)?;
            return Ok((Some(answer.opinion_uri), key));
        };
        let head = match post.kind.as_str() {
            posts::OPINION => Some(post.uri),
            posts::COMMENT => {
                let row = projections::comment(&self.store, &post.uri).await?;
                row.ok_or_else(not_here)?.opinion_uri
            }
            _ => {
                let row = projections::position(&self.store, &post.uri).await?;
                Some(row.ok_or_else(not_here)?.opinion_uri)
            }
        };
        Ok((head, key))
    }

    /// An opinion with all that was said to it, oldest first; for a reader with what rooms answered them, and without whom
    /// they do not want to read, but for the post they asked for.
    async fn whole_thread(
        &self,
        opinion: &Post,
        at: i64,
        reader: Option<&Caller>,
    ) -> Result<Vec<PostView>, ServiceError> {
        // None needs another's answer.
        let (comments, positions, mut held) = try_join3(
            posts::said_to(&self.store, opinion.room_id, &opinion.uri),
            posts::spoken_positions(&self.store, opinion.room_id, &opinion.uri),
            posts::held(&self.store, std::slice::from_ref(opinion)),
        )
        .await?;
        let named: Vec<String> =
            positions.iter().map(|row| position_name(row).to_owned()).collect();
        let mut list = posts::by_uris(&self.store, &named).await?;
        let (said, comments): (Vec<Post>, Vec<Said>) = comments.into_iter().unzip();
        list.extend(said);
        list.push(opinion.clone());
        list.sort_by_key(|post| post.id);
        fill(&mut held, comments, positions);
        let authors = list.iter().map(|post| post.author.clone()).collect();
        let (mut views, receipts, mut hidden) = try_join3(
            self.views_of(&list, &held, reader),
            self.receipts_given(opinion, reader),
            self.hidden_from(reader, authors),
        )
        .await?;
        for view in &mut views {
            view.only_in(FilterContext::Thread);
        }
        if !receipts.is_empty() {
            let rooms = receipts.iter().map(|view| view.author.uri.clone()).collect();
            hidden.extend(self.hidden_from(reader, rooms).await?);
            views.extend(receipts);
            views.sort_by_key(|view| view.key);
        }
        // What is asked for itself is meant to be read.
        views.retain(|view| view.key == at || !hidden.contains(&view.author.uri));
        // A receipt that is answered stands in the thread for its reader alone.
        views.retain(|view| view.kind != PostKind::Receipt || reader.is_some());
        Ok(views)
    }

    /// What rooms answered a reader below an opinion.
    async fn receipts_given(
        &self,
        opinion: &Post,
        reader: Option<&Caller>,
    ) -> Result<Vec<PostView>, ServiceError> {
        let Some(reader) = reader else { return Ok(Vec::new()) };
        let rows = answers::given_to(&self.store, &reader.actor.uri, &opinion.uri).await?;
        self.receipt_views(rows, Some(reader)).await
    }
}

fn position_name(row: &projections::Position) -> &str {
    row.object_uri.as_deref().unwrap_or(&row.activity_id)
}

fn fill(held: &mut Held, comments: Vec<Said>, positions: Vec<projections::Position>) {
    held.comments.extend(comments.into_iter().map(|row| (row.uri.clone(), row)));
    for row in positions {
        held.positions.entry(position_name(&row).to_owned()).or_insert(row);
    }
}
