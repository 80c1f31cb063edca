//! The JSON API under `/api/plg/v1/`. Each endpoint is added once, with its description: the router and the OpenAPI
//! document are made of the same list, so neither can hold what the other lacks.

mod attestations;
pub mod commentary;
mod comments;
mod delegations;
mod draft_entity;
mod drafts;
pub mod entity;
mod notices;
mod openapi;
mod opinions;
pub mod paging;
mod participants;
mod positions;
mod receipts;
mod received;
mod statements;
mod terms;
mod topics;

use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, Method, header},
    middleware::{Next, from_fn},
    response::Response,
};

use self::openapi::Endpoints;
use super::{problem::Problem, state::HttpState};

/// Where the API lives.
pub const BASE: &str = "/api/plg/v1";

/// Every endpoint.
fn endpoints() -> Endpoints {
    use attestations::{
        __path_create_attestation, __path_delete_attestation, create_attestation,
        delete_attestation,
    };
    use commentary::{
        __path_create_comment_disposition, __path_create_position_disposition,
        __path_create_version, __path_list_comment_dispositions, __path_list_position_dispositions,
        __path_list_versions, __path_show_ledger, create_comment_disposition,
        create_position_disposition, create_version, list_comment_dispositions,
        list_position_dispositions, list_versions, show_ledger,
    };
    use comments::{
        __path_create_comment, __path_delete_comment, __path_list_comments, __path_show_comment,
        create_comment, delete_comment, list_comments, show_comment,
    };
    use delegations::{
        __path_create_delegation, __path_delete_delegation, __path_list_delegations,
        create_delegation, delete_delegation, list_delegations,
    };
    use drafts::{
        __path_agree_to_draft, __path_answer_invitation, __path_create_draft,
        __path_create_draft_of, __path_discard_draft, __path_insert_draft_blocks,
        __path_invite_to_draft, __path_leave_draft, __path_list_draft_versions, __path_list_drafts,
        __path_move_draft_block, __path_publish_draft, __path_rebase_draft,
        __path_remove_draft_block, __path_restore_draft_block, __path_save_draft_block,
        __path_show_draft, agree_to_draft, answer_invitation, create_draft, create_draft_of,
        discard_draft, insert_draft_blocks, invite_to_draft, leave_draft, list_draft_versions,
        list_drafts, move_draft_block, publish_draft, rebase_draft, remove_draft_block,
        restore_draft_block, save_draft_block, show_draft,
    };
    use notices::{
        __path_keep_position, __path_list_notices, __path_withdraw_noticed, keep_position,
        list_notices, withdraw_noticed,
    };
    use opinions::{
        __path_change_status, __path_confirm_authorship, __path_create_opinion,
        __path_create_revision, __path_delete_letter, __path_delete_opinion, __path_list_opinions,
        __path_list_revisions, __path_set_letter, __path_show_opinion, __path_show_revision,
        change_status, confirm_authorship, create_opinion, create_revision, delete_letter,
        delete_opinion, list_opinions, list_revisions, set_letter, show_opinion, show_revision,
    };
    use participants::{__path_show_participant, show_participant};
    use positions::{
        __path_create_position, __path_delete_position, __path_list_positions,
        __path_show_position, create_position, delete_position, list_positions, show_position,
    };
    use receipts::{__path_show_receipt, show_receipt};
    use received::{
        __path_close_report, __path_list_private_replies, __path_list_reports, close_report,
        list_private_replies, list_reports,
    };
    use statements::{
        __path_file_statement, __path_list_statements, file_statement, list_statements,
    };
    use terms::{__path_list_terms, list_terms};
    use topics::{
        __path_add_facilitator, __path_create_topic, __path_join_topic, __path_list_topics,
        __path_remove_facilitator, __path_show_topic, add_facilitator, create_topic, join_topic,
        list_topics, remove_facilitator, show_topic,
    };
    Endpoints::default()
        .add::<__path_list_topics, _, _>(list_topics)
        .add::<__path_create_topic, _, _>(create_topic)
        .add::<__path_join_topic, _, _>(join_topic)
        .add::<__path_show_topic, _, _>(show_topic)
        .add::<__path_add_facilitator, _, _>(add_facilitator)
        .add::<__path_remove_facilitator, _, _>(remove_facilitator)
        .add::<__path_list_opinions, _, _>(list_opinions)
        .add::<__path_create_opinion, _, _>(create_opinion)
        .add::<__path_show_opinion, _, _>(show_opinion)
        .add::<__path_delete_opinion, _, _>(delete_opinion)
        .add::<__path_set_letter, _, _>(set_letter)
        .add::<__path_delete_letter, _, _>(delete_letter)
        .add::<__path_list_revisions, _, _>(list_revisions)
        .add::<__path_create_revision, _, _>(create_revision)
        .add::<__path_show_revision, _, _>(show_revision)
        .add::<__path_list_comments, _, _>(list_comments)
        .add::<__path_create_comment, _, _>(create_comment)
        .add::<__path_show_comment, _, _>(show_comment)
        .add::<__path_delete_comment, _, _>(delete_comment)
        .add::<__path_list_versions, _, _>(list_versions)
        .add::<__path_create_version, _, _>(create_version)
        .add::<__path_list_comment_dispositions, _, _>(list_comment_dispositions)
        .add::<__path_create_comment_disposition, _, _>(create_comment_disposition)
        .add::<__path_list_position_dispositions, _, _>(list_position_dispositions)
        .add::<__path_create_position_disposition, _, _>(create_position_disposition)
        .add::<__path_show_ledger, _, _>(show_ledger)
        .add::<__path_list_positions, _, _>(list_positions)
        .add::<__path_create_position, _, _>(create_position)
        .add::<__path_show_position, _, _>(show_position)
        .add::<__path_delete_position, _, _>(delete_position)
        .add::<__path_show_participant, _, _>(show_participant)
        .add::<__path_list_delegations, _, _>(list_delegations)
        .add::<__path_create_delegation, _, _>(create_delegation)
        .add::<__path_delete_delegation, _, _>(delete_delegation)
        .add::<__path_create_attestation, _, _>(create_attestation)
        .add::<__path_delete_attestation, _, _>(delete_attestation)
        .add::<__path_show_receipt, _, _>(show_receipt)
        .add::<__path_list_notices, _, _>(list_notices)
        .add::<__path_list_private_replies, _, _>(list_private_replies)
        .add::<__path_list_reports, _, _>(list_reports)
        .add::<__path_close_report, _, _>(close_report)
        .add::<__path_keep_position, _, _>(keep_position)
        .add::<__path_withdraw_noticed, _, _>(withdraw_noticed)
        .add::<__path_change_status, _, _>(change_status)
        .add::<__path_confirm_authorship, _, _>(confirm_authorship)
        .add::<__path_list_statements, _, _>(list_statements)
        .add::<__path_file_statement, _, _>(file_statement)
        .add::<__path_list_terms, _, _>(list_terms)
        .add::<__path_agree_to_draft, _, _>(agree_to_draft)
        .add::<__path_answer_invitation, _, _>(answer_invitation)
        .add::<__path_create_draft, _, _>(create_draft)
        .add::<__path_create_draft_of, _, _>(create_draft_of)
        .add::<__path_discard_draft, _, _>(discard_draft)
        .add::<__path_insert_draft_blocks, _, _>(insert_draft_blocks)
        .add::<__path_invite_to_draft, _, _>(invite_to_draft)
        .add::<__path_leave_draft, _, _>(leave_draft)
        .add::<__path_list_draft_versions, _, _>(list_draft_versions)
        .add::<__path_list_drafts, _, _>(list_drafts)
        .add::<__path_move_draft_block, _, _>(move_draft_block)
        .add::<__path_publish_draft, _, _>(publish_draft)
        .add::<__path_rebase_draft, _, _>(rebase_draft)
        .add::<__path_remove_draft_block, _, _>(remove_draft_block)
        .add::<__path_restore_draft_block, _, _>(restore_draft_block)
        .add::<__path_save_draft_block, _, _>(save_draft_block)
        .add::<__path_show_draft, _, _>(show_draft)
}

/// The routes, below [`BASE`].
pub fn routes() -> Router<HttpState> {
    endpoints()
        .into_router()
        .fallback(no_such_endpoint)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn(headers))
}

async fn no_such_endpoint() -> Problem {
    Problem::not_found(format!("there is no such endpoint; they are listed at {BASE}/openapi.json"))
}

async fn method_not_allowed() -> Problem {
    Problem::new(
        axum::http::StatusCode::METHOD_NOT_ALLOWED,
        "method",
        "Method not allowed",
        format!("this endpoint does not take this method; see {BASE}/openapi.json"),
    )
}

/// Nothing is kept by caches in between.
async fn headers(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let mut response = next.run(request).await;
    let kept = HeaderValue::from_static(if reads { "no-cache" } else { "no-store" });
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(kept);
    response
}

#[cfg(test)]
mod tests;
