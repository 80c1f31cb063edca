//! The pages: HTML rendered here, readable without scripts, in the reader's language. Asks the services and fills the
//! views; what is refused becomes a page in one place.

mod about;
mod again;
mod answers;
mod arrivals;
pub mod assets;
pub mod authorize;
mod changes;
mod commentary;
mod comments;
mod csv;
mod delegates;
mod drafts;
mod entrances;
mod error_page;
mod facilitators;
mod fields;
mod frame;
mod from;
mod guest;
mod home;
pub mod i18n;
pub mod intent;
mod interact;
mod letter;
mod lines;
mod map;
mod mesh;
mod notices;
mod opinions;
mod participants;
mod password;
mod positions;
mod receipts;
mod received;
mod revisions;
mod session;
mod settings;
mod sign_in;
mod speak;
mod standing;
mod terms;
mod thread;
mod topics;
pub mod view;
mod write;

use axum::{
    Extension, Router,
    middleware::from_fn_with_state,
    response::{IntoResponse, Response},
    routing::{get, post},
};

use super::{middleware::LeadsBack, negotiate::Representation, problem::Problem, state::HttpState};
use crate::service::ServiceError;
use error_page::Refusal;

/// Every page. They set no fallback: what has no page may have a document.
pub fn routes(state: &HttpState) -> Router<HttpState> {
    Router::new()
        .route("/", get(home::show))
        .route("/topics", get(topics::list))
        .route("/topics/new", get(topics::new).post(topics::found))
        .route("/t/{slug}", get(topics::show))
        .route("/t/{slug}/facilitators", get(facilitators::show).post(facilitators::change))
        .route("/t/{slug}/mesh", get(mesh::of_topic))
        .route("/t/{slug}/write", get(write::new).post(write::publish))
        .route("/t/{slug}/terms", get(terms::show))
        .route("/o/{key}/status", get(about::status_form).post(about::change_status))
        .route("/o/{key}/statement", get(about::statement_form).post(about::file_statement))
        .route("/t/{slug}/draft", get(drafts::new).post(drafts::begin))
        .route("/drafts", get(drafts::list))
        .route("/drafts/{key}", get(drafts::show))
        .route("/drafts/{key}/answer", post(drafts::answer))
        .route("/drafts/{key}/agree", post(drafts::agree))
        .route("/drafts/{key}/leave", post(drafts::leave))
        .route("/drafts/{key}/discard", post(drafts::discard))
        .route("/drafts/{key}/base", post(drafts::rebase))
        .route("/drafts/{key}/move", post(drafts::shift))
        .route("/drafts/{key}/invite", get(drafts::invite_form).post(drafts::invite))
        .route("/drafts/{key}/insert", get(drafts::part::insert_form).post(drafts::part::insert))
        .route("/drafts/{key}/b/{block}", get(drafts::part::edit).post(drafts::part::save))
        .route("/drafts/{key}/publish", get(drafts::release::form).post(drafts::release::publish))
        .route("/o/{key}/draft", post(drafts::begin_revision))
        .route("/o/{key}/confirm", post(drafts::confirm))
        .route("/mesh", get(mesh::of_instance))
        .route("/from", get(from::show))
        .route("/arrivals", get(arrivals::show))
        .route(intent::INTENT_PATH, get(intent::lead).post(intent::follow))
        .route(intent::SHARE_PATH, get(intent::share))
        .route(interact::PATH, get(interact::form).post(interact::go))
        .route("/o/{key}", get(opinions::show))
        .route("/o/{key}/revisions/{number}", get(opinions::show_revision))
        .route("/o/{key}/history", get(revisions::history))
        .route("/o/{key}/diff", get(revisions::pick))
        .route("/o/{key}/diff/{range}", get(revisions::compare))
        .route("/o/{key}/positions", get(positions::list))
        .route("/o/{key}/letter", get(letter::show))
        .route("/o/{key}/letter/edit", get(letter::form).post(letter::set))
        .route("/o/{key}/positions.csv", get(positions::csv))
        .route("/o/{key}/position", get(positions::form).post(positions::take))
        .route("/o/{key}/comment", get(comments::form).post(comments::publish))
        .route("/o/{key}/revise", get(write::revise_form).post(write::revise))
        .route("/positions/{key}/withdraw", post(positions::withdraw))
        .route("/c/{key}", get(comments::find))
        .route("/o/{key}/comments", get(commentary::list))
        .route("/o/{key}/p/{n}", get(commentary::on_paragraph))
        .route("/t/{slug}/ledger", get(commentary::ledger))
        .route("/c/{key}/delete", post(comments::delete))
        .route("/c/{key}/edit", get(comments::edit_form).post(comments::edit))
        .route("/c/{key}/history", get(commentary::history))
        .route("/c/{key}/answer", get(answers::comment_form).post(answers::answer_comment))
        .route(
            "/positions/{key}/answer",
            get(answers::position_form).post(answers::answer_position),
        )
        .route("/p/{name}", get(participants::show))
        .route("/p/{name}/delegates", get(delegates::show).post(delegates::delegate))
        .route("/delegations/{key}/end", post(delegates::end))
        .route("/receipts/{hash}", get(receipts::show))
        .route("/me/receipts", get(receipts::own))
        .route("/notices", get(notices::list))
        .route("/notices/read", post(notices::read))
        .route("/private", get(received::private))
        .route("/reports", get(received::reports))
        .route("/reports/{key}/close", post(received::close))
        .route("/notices/{key}/keep", post(notices::keep))
        .route("/notices/{key}/withdraw", post(notices::withdraw))
        .route("/p/{name}/vouch", post(settings::vouch))
        .route("/attestations/{key}/end", post(settings::end))
        .route("/settings", get(settings::form).post(settings::save))
        .route("/settings/proof", get(settings::proof))
        .route("/settings/proof/mail", post(settings::ask_mail))
        .route("/settings/proof/confirm", get(settings::confirm_form).post(settings::confirm))
        .route("/settings/proof/web", post(settings::add_web))
        .route("/settings/proof/web/{key}/check", post(settings::check_web))
        .route("/settings/proof/web/{key}/remove", post(settings::remove_web))
        .route("/settings/password", get(password::form).post(password::change))
        .route("/settings/access", get(entrances::show))
        .route("/settings/access/sessions/{key}/end", post(entrances::end_session))
        .route("/settings/access/programs/{key}/end", post(entrances::shut_out))
        .route("/sign-in", get(sign_in::form).post(sign_in::sign_in))
        .route(guest::ACTION, post(guest::set_out))
        .route(guest::BACK, get(guest::back))
        .route("/guest", get(guest::show))
        .route("/guest/sessions/{key}/end", post(guest::end_session))
        .route("/sign-out", post(sign_in::sign_out))
        .layer(from_fn_with_state(state.clone(), frame::frame))
        .route("/o/{key}/letter/embed", get(letter::embed))
        .route("/assets/{file}", get(assets::serve))
}

/// The pages on which a reader lets a program in. No document shares their addresses, and they lead back to the program.
pub fn authorize_routes(state: &HttpState) -> Router<HttpState> {
    let asked = || get(authorize::ask).post(authorize::answer);
    Router::new()
        .route(authorize::PATH, asked())
        // With a slash at its end it is asked for by toot.
        .route(&format!("{}/", authorize::PATH), asked())
        .layer(from_fn_with_state(state.clone(), frame::frame))
        .layer(axum::middleware::map_response(async |response: Response| LeadsBack::mark(response)))
}

/// The answer where neither a page nor a document is: a page for people, a problem document for programs.
pub fn nothing_here(state: &HttpState) -> Router {
    Router::new()
        .fallback(nowhere)
        .layer(from_fn_with_state(state.clone(), frame::frame))
        .with_state(state.clone())
}

async fn nowhere(representation: Option<Extension<Representation>>) -> Response {
    match representation {
        Some(Extension(Representation::Activity | Representation::Json)) => {
            Problem::not_found("there is nothing at this address").into_response()
        }
        Some(Extension(Representation::Html)) | None => {
            Refusal::from(ServiceError::NotFound { what: "page" }).into_response()
        }
    }
}

#[cfg(test)]
mod tests;
