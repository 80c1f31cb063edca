//! What each page shows, as plain data, and the template that shows it. Asks nobody and decides nothing: whoever
//! answers a request fills these in from a service's view. No field here adds up people (product INV-1).

mod about;
mod act;
mod arrivals;
mod authorize;
mod commentary;
mod delegates;
mod drafts;
mod entrances;
mod error;
mod facilitators;
mod form;
mod from;
mod guest;
mod intent;
mod letter;
mod notices;
mod opinion;
mod parts;
mod password;
mod people;
mod pictures;
mod positions;
mod receipts;
mod received;
mod revisions;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod samples;
mod settings;
mod terms;
mod topic;

pub use about::{AboutText, AuthorMark, StatementPage, StatementView, StatusPage, WithdrawnPage};
pub use act::{
    BlockChoice, CommentForm, CommentFormPage, DonePage, OpinionForm, OpinionFormPage,
    PositionForm, PositionFormPage, Principal, RevisionChoice,
};
pub use arrivals::{ArrivalRow, ArrivalsPage};
pub use authorize::{AuthorizePage, AuthorizedPage};
pub use commentary::{
    Choice, CommentEditPage, CommentHistoryPage, CommentsPage, Fate, FateForm, FateFormPage,
    LedgerKind, LedgerPage, LedgerRowView, PassageView, VersionView,
};
pub use delegates::{DelegateForm, DelegateRow, DelegatesPage, ScopeChoice};
pub use drafts::{
    ClashView, DraftAuthorRow, DraftBlockPage, DraftForm, DraftHeadRow, DraftInvitePage,
    DraftNewPage, DraftPage, DraftParagraph, DraftPublishPage, DraftRevises, DraftRow, DraftsPage,
    VersionRow,
};
pub use entrances::{EntrancesPage, ProgramRow, SessionRow};
pub use error::{ErrorPage, Loss};
pub use facilitators::{FacilitatorRow, FacilitatorsPage};
pub use form::{Fault, FormErrors, SignInPage};
pub use from::{FromPage, WordRow};
pub use guest::{GuestHeld, GuestPage, HomeGoPage};
pub use intent::{
    CameFor, Following, IntentPage, InteractGoPage, InteractPage, Met, MetPost, MetSomebody,
    ReplyForm, ThingKind,
};
pub use letter::{
    DeadlineForm, DeadlineFormPage, DeadlineView, LetterEmbedPage, LetterPage, Signer, SignerGroup,
    Signers,
};
pub use notices::{NoticeRow, NoticesPage, Revised, RevisedState};
pub use opinion::{
    CommentView, Identity, OpinionHead, OpinionPage, OwnPosition, RevisionRef, TextBlock, TextPart,
};
pub use parts::{
    Completeness, Deed, GuestName, Instance, Link, LogRow, Page, Receipt, SafeHtml, Section,
    SignedIn, Stated, UserText, Voice,
};
pub use password::PasswordPage;
pub use people::{MeshPage, ParticipantPage, Room, RoomState, Vouched, Vouching};
pub use pictures::AttachedView;
pub use positions::{
    Figure, FigureRow, NAMES_FIRST, PositionsPage, Reason, Square, StandingCell, StandingName,
    StandingRow,
};
pub use receipts::{OwnReceiptRow, OwnReceiptsPage, ReceiptPage, ReceiptSignature};
pub use received::{PrivatePage, PrivateRow, QuoteRow, ReportRow, ReportsPage};
pub use revisions::{ChangeView, Changes, ComparePage, HistoryPage, HistoryRow};
pub use settings::{Attested, ProfileForm, ProofConfirmPage, ProofPage, SettingsPage, WebDomain};
pub use terms::{DefinitionView, TermRow, TermsPage};
pub use topic::{
    Glance, HomePage, OpinionRow, TopicDate, TopicDateKind, TopicForm, TopicFormPage, TopicPage,
    TopicRow, TopicState, TopicsPage,
};

/// Message keys that the values of this module choose.
#[cfg(test)]
pub(super) fn keys() -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    keys.extend(Deed::ALL.iter().map(|deed| deed.key().to_owned()));
    keys.extend(TopicDateKind::ALL.iter().map(|kind| kind.key().to_owned()));
    keys.extend(Fault::ALL.iter().map(|fault| fault.key().to_owned()));
    keys.extend(Loss::ALL.iter().map(|loss| loss.key().to_owned()));
    keys.extend(notices::keys());
    keys.extend(arrivals::keys());
    keys.extend(received::keys());
    keys.extend(pictures::keys());
    keys.extend(intent::keys());
    keys.extend(positions::keys());
    keys.extend(commentary::keys());
    keys.extend(delegates::keys());
    keys.extend(authorize::keys());
    keys.extend(error::KEYS.iter().map(|key| (*key).to_owned()));
    keys
}
