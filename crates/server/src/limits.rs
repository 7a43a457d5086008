//! Everything has a limit; each with its reason.

use std::time::Duration;

/// Bytes of a request's body. A roll of a hundred thousand households as a spreadsheet is a tenth of it.
pub const BODY_BYTES: usize = 64 << 20;
/// Bytes of all files of one scenario: what a body holds once base64 is taken off, three bytes for four letters.
pub const FOLDER_BYTES: usize = BODY_BYTES / 4 * 3;
/// Files in one scenario. The largest example has a dozen; sheets and plans lie beside them.
pub const FOLDER_FILES: usize = 64;
/// Folders within folders. The format uses one level, `services/`.
pub const FOLDER_DEPTH: usize = 4;
/// Bytes of a file's path in its folder. File systems take 255 for a name alone.
pub const PATH_BYTES: usize = 200;
/// Letters of an id. Longer ones do not fit a line of the page.
pub const ID_LETTERS: usize = 63;
/// Bytes of a scenario's name: a line.
pub const NAME_BYTES: usize = 200;
/// Scenarios in a data folder: the list reads each of them.
pub const SCENARIOS: usize = 1000;
/// Computations at one time. Each uses all processors; a second one keeps a slider alive beside a long rehearsal.
pub const COMPUTING: usize = 2;
/// Computations that may wait for their turn; more would wait for minutes.
pub const COMPUTING_OR_WAITING: usize = 32;
/// Public pages that are counted at one time, apart from all other work: nobody's curiosity holds up a lab.
pub const COUNTING: usize = 1;
/// Public pages that are counted or wait: each place's is counted once a minute at most, so a short queue serves many.
pub const COUNTING_OR_WAITING: usize = 16;
/// Rounds of a community: one a day for years.
pub const ROUNDS: usize = 2000;
/// Rounds that are kept folded in memory: those of a day in a district. A round takes a few megabytes.
pub const ROUNDS_IN_MEMORY: usize = 64;
/// What was seen of a round that is not in memory is shown again for so long: to fold it takes a good part of a second.
pub const SEEN_LATELY: Duration = Duration::from_secs(60);
/// Codes by which phones join a round: one for each table and task, and some anew.
pub const CODES: usize = 200;
/// Phones of a round that were not taken out: the largest sites have a hundred volunteers, some of whom join twice.
pub const DEVICES: usize = 500;
/// All phones that ever joined a round: ten changes of every phone.
pub const DEVICES_EVER: usize = 5_000;
/// Boards of real rounds at one time: some for each of a district's sites. Each costs a few kilobytes and a look a second.
pub const BOARDS: usize = 256;
/// Bytes of an upload from a phone that nobody knows: one whose server lost its memory has a morning to tell.
pub const STRANGER_BYTES: usize = 256 << 10;
/// A phone's time of an event can differ from the server's by so much before its clock is called wrong: no shift is longer.
pub const CLOCK_OFF: Duration = Duration::from_secs(86_400);
/// Kilobytes of uploads that may be held at once: 64 of the largest. Room is taken as they come, not as they are announced.
pub const UPLOADING_KILOBYTES: usize = 256 << 10;
/// Bytes of an answer from which on it is compressed: less fits into one packet as it is.
pub const COMPRESSED_BYTES: u64 = 1400;
/// Events that a phone is told at once: some hundred kilobytes.
pub const TOLD_EVENTS: usize = 1000;
/// A phone's question waits for news no longer than so: proxies and networks cut what is silent for half a minute.
pub const WAIT: Duration = Duration::from_secs(25);
/// What is not urgent is told to a phone that waits after so long, as to one that asks that often: a radio that sleeps spares its battery.
pub const UNHURRIED: Duration = Duration::from_secs(8);
/// What comes in within this time is looked at together, once for all phones that wait.
pub const GATHERED: Duration = Duration::from_millis(200);
/// Questions that wait at one time: eight of the largest sites. Whoever is one too many is answered at once, and asks as before.
pub const WAITING: usize = 4096;
/// Results are taken of rounds that were planned for a day no longer ago: labs are late by days, not by weeks.
pub const RESULTS_WITHIN: Duration = Duration::from_secs(14 * 86_400);
/// Results of a community that are kept aside and that nobody has looked at, and those of nobody's that a lab sent: a large lab's
/// worst day.
pub const RESULTS_ASIDE: i64 = 200_000;
/// Rows of results of which something is said in one answer: more nobody reads.
pub const RESULTS_SAID: usize = 1000;
/// Connections of labs' systems at one time: a system keeps one or a few.
pub const MLLP_CONNECTIONS: usize = 64;
/// A lab's system that says nothing for so long, takes no answer, or has one message on its way, is gone: they connect anew by
/// themselves.
pub const MLLP_SILENCE: Duration = Duration::from_secs(600);
/// Before another connection is waited for, where one could not be taken.
pub const MLLP_PAUSE: Duration = Duration::from_millis(200);
/// Waiting results that are listed at once.
pub const RESULTS_LISTED: usize = 1000;
/// Lots of a round.
pub const LOTS: usize = 100;
/// Labels or codes of one printing: fifty of the fullest sheets.
pub const LABELS: u32 = 50 * 65;
/// Slips of one printing: two hundred sheets, a large building.
pub const SLIPS: usize = 2_000;
/// Shift sheets of one printing.
pub const SHIFT_SHEETS: u32 = 50;
/// Letters of what a shift sheet is called: its number, or a few words.
pub const SHEET_LETTERS: usize = 40;
/// Doors of a roll are read again after so long, so that a desk that types rows does not look names up with each.
pub const DOORS_KEPT: Duration = Duration::from_secs(600);
/// From the planned closing on, phones may go on for so long; then their codes end and they forget the roll.
pub const PHONES_AFTER: Duration = Duration::from_secs(12 * 3600);
/// Names are kept no longer than so after the round, whoever asks: what is to be told later needs none.
pub const RETAIN_DAYS: i64 = 366;
/// Event streams at one time: boards of a whole committee, two policies each.
pub const STREAMS: usize = 32;
/// Recordings that are kept for the next seek: two policies side by side, before and after a change.
pub const RECORDINGS: usize = 4;
/// Events in one message, so that a page draws between two of them.
pub const MESSAGE_EVENTS: usize = 500;
/// Between two messages of a stream: faster than this an eye sees no difference.
pub const MESSAGE_EVERY: Duration = Duration::from_millis(50);
/// Between two messages that tell the time, so that a page's clock cannot drift.
pub const CLOCK_EVERY: Duration = Duration::from_secs(1);
/// Whoever is told that too much is under way comes again after this long: uploads and computations take turns of seconds.
pub const AGAIN_AFTER: Duration = Duration::from_secs(2);
/// Between two pieces of an upload: a bad network stalls for seconds, and a sender that has stopped should hold no room.
pub const PIECE_WITHIN: Duration = Duration::from_secs(10);
/// A request's body comes from this machine: it is here in seconds, or its sender has stopped.
pub const BODY_WITHIN: Duration = Duration::from_secs(60);
/// The longest rehearsal that a page may ask for takes minutes; after this long nobody looks on.
pub const ANSWER_WITHIN: Duration = Duration::from_secs(600);
/// Requests under way are finished within this time after Ctrl-C.
pub const STOP_WITHIN: Duration = Duration::from_secs(5);
/// Passwords hashed at one time. Each takes 19 MiB and a processor for some 30 ms; two leave room for all other requests.
pub const HASHING: usize = 2;
/// Passwords that may wait for their turn: a site that signs in all at once waits a second or two.
pub const HASHING_OR_WAITING: usize = 128;
/// Letters of a password, at least. NIST SP 800-63B asks for 8 and no rules on what they are; guesses are counted, too.
pub const PASSWORD_LETTERS: usize = 10;
/// Bytes of a password, at most: 64 letters of any script, four bytes each, as OWASP ASVS asks.
pub const PASSWORD_BYTES: usize = 256;
/// Letters of a login name: they fit a line of the page.
pub const LOGIN_LETTERS: usize = 40;
/// Wrong passwords of one account from one place that cost nothing: people mistype.
pub const LOGIN_FAILURES_FREE: u32 = 5;
/// Wrong passwords of one account from one place from which on each costs [`LOCKED`]. Before, each doubles the pause.
pub const LOGIN_FAILURES_LOCK: u32 = 10;
/// How long an account takes no password from there after that. Minutes, never for ever: whoever shares an address with its owner
/// could otherwise shut them out. Some hundred guesses a day are left, which is nothing against ten letters.
pub const LOCKED: Duration = Duration::from_secs(15 * 60);
/// How long failures of one address count.
pub const ADDRESS_WINDOW: Duration = Duration::from_secs(15 * 60);
/// Wrong passwords from one address in a window. A site of 60 phones has one address: each may be wrong five times, and a
/// second site behind the same provider as well.
pub const ADDRESS_LOGINS: u32 = 600;
/// Wrong passwords of one account from all addresses in a window. Whoever shuts its owner out so needs a dozen networks at least, and does
/// not reach browsers that the account has signed in from; they gain ten thousand guesses a day.
pub const NAME_LOGINS: u32 = 100;
/// How long a browser is remembered that signed in, seconds: from one season to the next.
pub const KNOWN_SECONDS: i64 = 180 * 86_400;
/// Wrong links and codes from one address in a window: 60 phones that scan yesterday's code twice. Nobody guesses 256 bits; who shows
/// so many hears so.
pub const ADDRESS_TOKENS: u32 = 120;
/// Uploads from one address in a window of phones that nobody knows: those of a site whose server lost its memory. This spares the disk.
pub const ADDRESS_STRANGERS: u32 = 120;
/// Browsers that are counted as having seen a notice, from one address in a window: a compound whose telephones share a provider's
/// address, in the minutes after it was hung up. Whoever throws cookies away gains no more.
pub const ADDRESS_OPENED: u32 = 600;
/// How long a browser knows which notice it has opened, seconds: longer than paper hangs at a door.
pub const OPENED_SECONDS: i64 = 60 * 86_400;
/// Notices of one round: a correction every few minutes of a long day.
pub const NOTICES: u32 = 200;
/// Channels to which notices are sent: one for each building's chat of a large compound.
pub const CHANNELS: usize = 50;
/// Addresses of one mail: lists, not residents.
pub const MAIL_TO: usize = 20;
/// Bytes of what is sent to a channel: a notice of 200 entrances with its directives has some 60 kilobytes.
pub const SENT_BYTES: usize = 256 << 10;
/// Bytes of an answer's head, of which one line is looked at.
pub const ANSWER_HEAD_BYTES: usize = 16 << 10;
/// One try to send a notice: a mail server that greets late on purpose does so within this.
pub const SEND_WITHIN: Duration = Duration::from_secs(20);
/// Of several processes one tries. If it ends, another does after this: longer than a try takes.
pub const OUTBOX_LEASE: Duration = Duration::from_secs(60);
/// Between two looks at what waits: what was just issued is not waited for.
pub const OUTBOX_EVERY: Duration = Duration::from_secs(3);
/// Before a notice that did not go is tried again; four times as long each time.
pub const SEND_AGAIN: Duration = Duration::from_secs(2);
/// The longest pause: a server that was restarted is back by then.
pub const SEND_AGAIN_MOST: Duration = Duration::from_secs(1800);
/// Tries, over an hour and a quarter: what comes later is read after the round.
pub const SEND_TRIES: u32 = 8;
/// Entrances for which a notice is printed at once: those of a large compound; each takes a sheet or two.
pub const NOTICE_SHEETS: usize = 300;
/// Accounts and addresses that are counted before what is over is forgotten: some megabytes.
pub const ATTEMPTS_KEPT: usize = 10_000;
/// How long an account stays signed in: the week that a round may last.
pub const SESSION_WITHIN: Duration = Duration::from_secs(7 * 86_400);
/// How long it is known what happened to accounts: half a year, in which a misuse comes to light and not much longer.
pub const ACCOUNT_LOG_WITHIN: Duration = Duration::from_secs(183 * 86_400);
/// Lines of it in an answer: the last ones, as many as somebody reads.
pub const ACCOUNT_LOG_SHOWN: usize = 300;
/// Lines of it that are read at once: some hundred kilobytes.
pub const ACCOUNT_LOG_READ: i64 = 1000;
/// After this long without a request an account is signed out: a phone that was left behind overnight and longer.
pub const SESSION_IDLE: Duration = Duration::from_secs(2 * 86_400);
/// A session's last request is written down at most this often, so that reading costs no write.
pub const SEEN_EVERY: Duration = Duration::from_secs(60);
/// Sessions of one account: one for each of its machines. The oldest gives way.
pub const SESSIONS: usize = 20;
/// How long an invitation or the first link can be used.
pub const INVITATION_WITHIN: Duration = Duration::from_secs(86_400);
/// Invitations that wait to be used: a whole team, several times.
pub const INVITATIONS: usize = 1000;
/// Grants of one invitation: all roles at some places.
pub const GRANTS: usize = 50;
/// Communities that are shown side by side: each has its newest round in memory, and nobody looks over more.
pub const SIDE_BY_SIDE: usize = 200;
/// Crews that are shared out over a place, and communities over which they are: with ten of each the search takes a second, with twenty
/// ten.
pub const CREWS: usize = 12;
/// A document of a city: as much as is read of one.
pub const CITY_BYTES: usize = verbs::city::page::BYTES_MAX;
/// Districts of a city, and labs: of the largest in the world there are some tens of each.
pub const CITY_HOLDERS: usize = 1_000;
/// Places above communities: those of a large city, down to its neighbourhoods.
pub const PLACES: usize = 10_000;
/// Communities of one server: those of a district.
pub const COMMUNITIES: usize = 10_000;
/// Bytes of a name, a telephone number, a document number or a door. Longer ones are cut: such a cell holds something else.
pub const CELL_BYTES: usize = 200;
/// What happened among a community's neighbours and is not forgotten yet: a fortnight in which each of a thousand households asks twice.
/// All of it is opened each time.
pub const EXCHANGE_EVENTS: usize = 20_000;
/// Communities of which a process remembers from when on neighbours wait for something: 3,000 moments each at most, so 25 MB of them all.
pub const NEAR_KEPT: usize = 1024;
/// A voice is answered by this hour of the next day, at the site.
pub const VOICE_ANSWERED_BY: i8 = 21;
/// Bytes of the reason for which somebody looks at names: a line.
pub const WHY_BYTES: usize = 200;
/// Between two looks at whether the certificate's files changed.
pub const CERTIFICATE_EVERY: Duration = Duration::from_secs(60);
/// Connections at one time: all phones and browsers of a district's sites, and as many again. Each takes some ten kilobytes.
pub const CONNECTIONS: usize = 8192;
/// Connections from one address at one time: a site of a hundred phones has one, and each phone opens six at most.
pub const CONNECTIONS_NEAR: usize = 1024;
/// The head of a request is here in a second on a bad network. Whoever has sent none, or half of one, for so long has stopped, or
/// keeps a connection in reserve; it can be opened again.
pub const HEADER_WITHIN: Duration = Duration::from_secs(30);
/// The same from a proxy, which keeps connections in reserve: Caddy for two minutes. Who closes first must be the proxy.
pub const PROXY_SILENT: Duration = Duration::from_secs(150);
/// A TLS handshake takes a second on a bad network; who takes longer has stopped.
pub const HANDSHAKE_WITHIN: Duration = Duration::from_secs(10);
/// Handshakes under way at one time: all phones of a site at once, several times.
pub const HANDSHAKES: usize = 512;
/// Bytes of what somebody sends whom we do not know: a login name and a password.
pub const PUBLIC_BODY_BYTES: usize = 16 << 10;
/// Between two looks at whether names are past their day.
pub const PURGE_EVERY: Duration = Duration::from_secs(3600);
/// How a round goes on is foreseen anew after this, if anything happened: a queue changes by a person or two.
pub const FORESEEN: Duration = Duration::from_secs(20);
/// The same if nothing was told: time alone changes less.
pub const FORESEEN_QUIET: Duration = Duration::from_secs(60);
/// Between two looks at whether a wave may be called: callers are still on the stairs of the one before.
pub const CALLS_EVERY: Duration = Duration::from_secs(60);
/// Of several processes one looks at the waves. If it ends, another does so after this: two looks were missed then.
pub const CALLS_LEASE: Duration = Duration::from_secs(150);
/// How often it is decided anew what is written at a round's desk, where another process writes there at the same time.
pub const DESK_TRIES: u32 = 16;
/// No wave is called by itself if no phone was heard of for so long.
pub const HEARD_WITHIN: Duration = Duration::from_secs(600);
/// While it is foreseen anew, what was seen last is told, if it is no older than this.
pub const FORESEEN_OLD: Duration = Duration::from_secs(300);
/// On a person's own page the queue is told as it was so long ago, in seconds, with its time: after that it says nothing of now.
pub const QUEUE_TOLD_S: i64 = 3 * 3600;
/// Volunteers of a community: a large compound has a few hundred, and a roster of five hundred takes seconds.
pub const VOLUNTEERS: usize = 1000;
/// Who may sign up in an hour by a community's code, which hangs on a wall for everybody to see. Forty in a day are many.
pub const SIGN_UPS_AN_HOUR: i64 = 120;
/// Sign-ups from one address in a window: those who stand around one poster share a network.
pub const ADDRESS_SIGN_UPS: u32 = 60;
/// Looks at how somebody's words are understood, from one address in a window: one after each pause in typing of all of those.
pub const ADDRESS_READINGS: u32 = 3000;
/// Bytes of a cell in which a volunteer writes in their own words: three lines.
pub const OWN_WORDS_BYTES: usize = 400;
/// A code for signing up holds so long, unless it is opened anew or ended.
pub const SIGN_UP_WITHIN: Duration = Duration::from_secs(30 * 86_400);
/// Days for which a volunteer is told how their words are understood: each weekday once.
pub const READ_BACK_DAYS: i32 = 7;
/// Rosters of a community: one for each scenario, a round a day for half a year.
pub const ROSTERS: usize = 200;
/// Seconds that a roster is solved, at most: while it is, somebody looks on.
pub const ROSTER_SECONDS: f64 = 120.0;
/// Seconds to search for waves, at most: whoever wants more has the terminal.
pub const SEARCH_SECONDS: f64 = 60.0;
/// How often a tap on a volunteer's page is tried anew, where others tap at the same time.
pub const ROSTER_TRIES: u32 = 16;
/// Parties that keep a book on one server: each community of a district, and all places above it. Their books stay in memory: each is asked every
/// few seconds whether it has anything for its partners.
pub const PARTIES: usize = 2000;
/// Of several processes one asks the partners of all parties. If it ends, another does so after this.
pub const PARTIES_LEASE: Duration = Duration::from_secs(180);
/// Between two looks at whom to ask; whatever is written in a book is told at once.
pub const PARTIES_EVERY: Duration = Duration::from_secs(5);
/// A partner for whom there is nothing is asked so often whether it has something: it may not be able to reach this server.
pub const PARTNER_EVERY: Duration = Duration::from_secs(30);
/// A partner that could not be reached is asked again after this at the latest.
pub const PARTNER_AGAIN_MOST: Duration = Duration::from_secs(120);
/// Partners that are asked at the same time.
pub const PARTNERS_AT_ONCE: usize = 64;
/// A partner that takes longer to be asked is asked again later.
pub const PARTNER_WITHIN: Duration = Duration::from_secs(30);
/// Questions to one partner, one after the other, before others have their turn: enough for a day of being cut off.
pub const PARTNER_TURNS: usize = 64;
/// Frames that a partner is told at once, and their bytes: an event of a few hundred bytes each.
pub const TOLD_FRAMES: usize = 1024;
/// See above.
pub const TOLD_BYTES: usize = 1 << 20;
/// Bytes of a partner's answer: what it tells at once, in base64, and a little more.
pub const HEARD_BYTES: usize = 2 << 20;
/// A server that does not take a connection within so long is not there.
pub const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// A party's question is answered no later than so many seconds after it says that it was asked, nor before: clocks differ by minutes at most.
pub const QUESTION_SECONDS: u64 = 600;
/// Records of one partner that are taken in. A check and a test are a record for each member.
pub const HEARD_FRAMES: u64 = 1_000_000;
/// 7,000 people at one recipient, checked and tested daily for two months, and as many records again as a seventh of it for all else.
const _: () = assert!(HEARD_FRAMES >= 7_000 * 2 * 62 * 8 / 7);
/// Lines of each list of requests and teams that a page shows; how many are left off, it says.
pub const LINES_SHOWN: usize = 200;
/// Orders of a plan that a desk sees, and asks for at once: the example of two dozen donors has 122. The next come when these are asked.
pub const ORDERS_SHOWN: usize = 1_000;
/// Shipments that are over and are still shown: the newest.
pub const SHIPMENTS_SHOWN: usize = 50;
/// Doors that are promised something in one act: seventy shipments, a megabyte of a journal.
pub const DOORS_AT_ONCE: usize = 10_000;
/// Between two looks at what rounds have used of the stocks that provide for them.
pub const USED_EVERY: Duration = Duration::from_secs(60);
/// Of several processes one looks. If it ends, another does so after this: two looks were missed then.
pub const USED_LEASE: Duration = Duration::from_secs(150);
/// So long after a round's last slot phones that were away may tell what was used.
pub const USED_AFTER: Duration = Duration::from_secs(3 * 86_400);
/// Rounds of a community that its stock may provide for, the newest that are not over.
pub const ROUNDS_PROVIDED: usize = 8;
/// Rounds whose doors can be chosen or looked up, the newest: each roll that is read takes a good part of a second.
pub const ROUNDS_WITH_DOORS: usize = 12;
/// What a household confirmed, or what did not come, stays on its page for so long.
pub const DELIVERIES_SHOWN: Duration = Duration::from_secs(3 * 86_400);
/// Requests for people that are over and are still shown: the newest.
pub const REQUESTS_SHOWN: usize = 20;
/// A code by which phones at a gate tell what came holds so long: the week of a round; then somebody looks anew who is at the gate.
pub const GATE_WITHIN: Duration = Duration::from_secs(7 * 86_400);
/// What a phone at a gate tells at once: a busy day, and with one good each what fits into [`PUBLIC_BODY_BYTES`].
pub const GATE_ACTS: usize = 100;
/// A phone's clock that is ahead by no more than this is right: it counts as now.
pub const GATE_AHEAD: Duration = Duration::from_secs(600);
/// What was done at a gate is told no later than so: a weekend without a network. By then the desk has counted.
pub const GATE_TOLD_WITHIN: Duration = Duration::from_secs(3 * 86_400);
/// What came is shown at the gate for so long after nothing is to be done any more.
pub const GATE_SHOWN: Duration = Duration::from_secs(86_400);
/// Messages between desks that a page is shown: the newest.
pub const MESSAGES_SHOWN: usize = 200;
