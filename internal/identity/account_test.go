package identity_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/identity"
	"inlay/internal/secret"
	"inlay/internal/store/storetest"
)

func TestLogin(t *testing.T) {
	w := settled(t, storetest.SQLite(t))
	ctx := t.Context()
	u, err := w.Login(ctx, " Viewer@Example.com ", password, "here")
	if err != nil || u.UUID != w.users["viewer"].UUID {
		t.Fatalf("%+v, %v", u, err)
	}
	for name, c := range map[string][2]string{
		"wrong password":        {"viewer@example.com", "wrong"},
		"unknown address":       {"nobody@example.com", password},
		"account without any":   {"editor@example.com", password},
		"empty password of one": {"editor@example.com", ""},
	} {
		_, err := w.Login(ctx, c[0], c[1], "here")
		w.refused(err, fault.Unauthenticated, name)
		if err.Error() != "Email and password not recognized" {
			t.Errorf("%s says %q", name, err)
		}
	}
	if !w.log.has("login", true) || !w.log.has("login", false) {
		t.Error("logins aren't audited")
	}
}

// H82: an unknown account costs as much as a known one, because a password is hashed for both.
func TestH82_UnknownAccountsTakeAsLongAsKnownOnes(t *testing.T) {
	w := settled(t, storetest.SQLite(t))
	w.HoldHashing()
	for _, name := range []string{"viewer@example.com", "editor@example.com", "nobody@example.com", ""} {
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		if _, err := w.Login(ctx, name, "wrong", "here"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%q is answered without hashing: %v", name, err)
		}
		cancel()
	}
}

func TestH86_FailedLoginsAreLimitedByAccountAndAddress(t *testing.T) {
	w := settled(t, storetest.SQLite(t))
	ctx := t.Context()
	for range 10 {
		_, err := w.Login(ctx, "viewer@example.com", "wrong", "evil")
		w.refused(err, fault.Unauthenticated, "a wrong password")
	}
	_, err := w.Login(ctx, "viewer@example.com", password, "evil")
	w.refused(err, fault.TooMany, "the eleventh try, with the right password")
	_, err = w.Login(ctx, "viewer@example.com", password, "home")
	w.ok(err) // the owner isn't locked out by somebody elsewhere
	w.clock.pass(31 * time.Second)
	_, err = w.Login(ctx, "viewer@example.com", password, "evil")
	w.ok(err)
}

func TestInvitesAndRegistration(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, admin, later := t.Context(), w.who("admin"), w.clock.now().Add(time.Hour)
		_, err := w.Invite(ctx, w.who("developer"), "new@example.com", access.Admin, later)
		w.refused(err, fault.Forbidden, "an invite by a developer")
		if !w.log.has("create InviteLink", true) {
			t.Error("a refused invite isn't audited")
		}
		_, err = w.Invite(ctx, admin, "viewer@example.com", access.Viewer, later)
		w.refused(err, fault.Invalid, "an invite of a member")
		_, err = w.Invite(ctx, admin, "stranger@example.com", access.Viewer, later)
		w.refused(err, fault.Invalid, "an invite of somebody else's member")
		_, err = w.Invite(ctx, admin, "not an address", access.Viewer, later)
		w.refused(err, fault.Invalid, "an invite of nobody")

		invite, err := w.Invite(ctx, admin, "New@Example.com", access.Editor, later)
		w.ok(err)
		if w.mail.code("new@example.com") != invite.Code || !strings.HasPrefix(invite.Link, "https://inlay.example/invite/") {
			t.Errorf("the invite is %+v", invite)
		}
		r := identity.Registration{InviteCode: invite.Code, First: "New", Last: "One", Password: "short"}
		_, err = w.Register(ctx, r)
		w.refused(err, fault.Invalid, "a weak password")
		r.Password = password
		again, err := w.Invite(ctx, admin, "new@example.com", access.Viewer, later)
		w.ok(err)
		_, err = w.Register(ctx, r)
		w.refused(err, fault.NotFound, "an invite that another one replaced")
		r.InviteCode = again.Code
		u, err := w.Register(ctx, r)
		if err != nil || u.Role != access.Viewer || u.Pending || u.Organization != ours || u.EmailVerified {
			t.Fatalf("%+v, %v", u, err)
		}
		_, err = w.Register(ctx, r)
		w.refused(err, fault.NotFound, "the same invite again") // H85

		invite, err = w.Invite(ctx, admin, "late@example.com", access.Viewer, later)
		w.ok(err)
		w.clock.pass(2 * time.Hour)
		_, err = w.FindInvite(ctx, invite.Code)
		w.refused(err, fault.Gone, "an old invite")
		members, _, err := w.Members(ctx, admin, identity.MemberQuery{Search: "late"})
		if err != nil || len(members) != 1 || !members[0].InviteExpired || !members[0].Pending {
			t.Errorf("%+v, %v", members, err)
		}
		_, err = w.Register(ctx, identity.Registration{Email: "x@example.com", First: "X", Last: "Y", Password: password})
		w.refused(err, fault.Forbidden, "a registration without invite")
	})
}

// An invite can't be used to set the password of an account that somebody has already.
func TestAnInviteTakesNoAccountOver(t *testing.T) {
	w := settled(t, storetest.SQLite(t))
	ctx := t.Context()
	_, err := w.CreateUser(ctx, identity.NewUser{Email: "loner@example.com", Password: password})
	w.ok(err)
	invite, err := w.Invite(ctx, w.who("admin"), "loner@example.com", access.Viewer, w.clock.now().Add(time.Hour))
	w.ok(err)
	_, err = w.Register(ctx, identity.Registration{InviteCode: invite.Code, Password: "another_password1!"})
	w.refused(err, fault.Forbidden, "taking the account over")
	_, err = w.Login(ctx, "loner@example.com", password, "")
	w.ok(err)
}

func TestH79_OnlyTheFirstUserFoundsTheServer(t *testing.T) {
	each0(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.Service = w.replica(func(c *identity.Config) { c.OpenRegistration = true })
		var group sync.WaitGroup
		var mu sync.Mutex
		var founders []string
		for _, name := range []string{"a", "b", "c", "d"} {
			group.Go(func() {
				u, err := w.Register(ctx, identity.Registration{Email: name + "@example.com", First: name, Password: password})
				if err != nil {
					return
				}
				who, err := w.PrincipalOf(ctx, "", u.UUID)
				if err == nil && w.CreateOrganization(ctx, who, "Mine") == nil {
					mu.Lock()
					founders = append(founders, name)
					mu.Unlock()
				}
			})
		}
		group.Wait()
		if len(founders) != 1 {
			t.Errorf("%v founded organizations", founders)
		}
		_, err := w.Register(ctx, identity.Registration{Email: "late@example.com", First: "Late", Password: password})
		w.refused(err, fault.Forbidden, "registering after that")
	})
}

func TestH79_TheSetupTokenMakesOneUserAndOnlyTheLastOneCounts(t *testing.T) {
	each0(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		old, err := w.SetupToken(ctx)
		w.ok(err)
		token, err := w.SetupToken(ctx)
		w.ok(err)
		if strings.Contains(w.dump(), token) {
			t.Error("the token can be read in the database")
		}
		for name, wrong := range map[string]string{"no token": "", "the token of an earlier start": old, "a guess": "guess"} {
			_, err := w.Register(ctx, identity.Registration{Email: "x@example.com", First: "X", Password: password, SetupToken: wrong})
			w.refused(err, fault.Forbidden, name)
		}
		_, err = w.Register(ctx, identity.Registration{Email: "not an address", First: "X", Password: password, SetupToken: token})
		w.refused(err, fault.Invalid, "an address that is none, which leaves the token")

		var group sync.WaitGroup
		var made atomic.Int32
		for _, name := range []string{"a", "b", "c", "d"} {
			group.Go(func() {
				_, err := w.Register(ctx, identity.Registration{Email: name + "@example.com", First: name, Password: password, SetupToken: token})
				if err == nil {
					made.Add(1)
				}
			})
		}
		group.Wait()
		if made.Load() != 1 {
			t.Errorf("%d registered with one token", made.Load())
		}
		_, err = w.MakeOrganization(ctx, identity.NewOrganization{Name: "Founded"})
		w.ok(err)
		if token, err := w.SetupToken(ctx); err != nil || token != "" {
			t.Errorf("a server with an organization makes a token: %q, %v", token, err)
		}
	})
}

func TestH88_AnOrganizationKeepsAnAdmin(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, admin := t.Context(), w.who("admin")
		_, err := w.SetRole(ctx, admin, admin.User, access.Viewer)
		w.refused(err, fault.Forbidden, "the last admin stepping down")
		w.refused(w.DeleteUser(ctx, admin, admin.User), fault.Forbidden, "the last admin leaving")
		_, err = w.SetRole(ctx, admin, w.users["developer"].UUID, access.Admin)
		w.ok(err)
		second := w.who("developer")
		var group sync.WaitGroup
		for _, who := range []access.Principal{admin, second} { // both at once: one of them has to stay
			group.Go(func() { _, _ = w.SetRole(ctx, who, who.User, access.Viewer) })
		}
		group.Wait()
		var left int
		w.ok(w.db.NewRaw("SELECT COUNT(*) FROM users WHERE organization_id = ? AND role = 'admin'", ours).Scan(ctx, &left))
		if left != 1 {
			t.Errorf("%d admins are left", left)
		}
	})
}

// reset asks for a reset and waits for the mail.
func (w *world) reset(email string) {
	w.t.Helper()
	w.ok(w.RequestReset(w.t.Context(), email, "here"))
	w.Close()
}

func TestH86_MailsThatAnybodyCanMakeUsSendAreLimited(t *testing.T) {
	w := settled(t, storetest.SQLite(t))
	ctx := t.Context()
	for range 5 {
		w.reset("viewer@example.com")
	}
	last := w.mail.code("viewer@example.com")
	w.reset("viewer@example.com") // answered like the others
	if w.mail.code("viewer@example.com") != last {
		t.Error("a sixth mail was sent")
	}
	w.clock.pass(4 * time.Minute)
	w.reset("viewer@example.com")
	if w.mail.code("viewer@example.com") == last {
		t.Error("after a while no mail is sent")
	}
	for i := range 30 {
		_ = w.RequestReset(ctx, string(rune('a'+i))+"@example.com", "evil") // refused at some point; below
	}
	w.refused(w.RequestReset(ctx, "admin@example.com", "evil"), fault.TooMany, "a flood of requests from one address")
	w.ok(w.RequestReset(ctx, "admin@example.com", "home"))
	viewer := w.who("viewer")
	for range 5 {
		_, err := w.SendPasscode(ctx, viewer)
		w.ok(err)
	}
	_, err := w.SendPasscode(ctx, viewer)
	w.refused(err, fault.TooMany, "a sixth passcode")
	w.Close()
}

func TestH86_GuessesFromManyAddressesAreLimitedToo(t *testing.T) {
	w := settled(t, storetest.SQLite(t))
	for i := range 100 {
		_, err := w.Login(t.Context(), "viewer@example.com", "wrong", string(rune(i+1000)))
		w.refused(err, fault.Unauthenticated, "a wrong password")
	}
	_, err := w.Login(t.Context(), "viewer@example.com", password, "yet another")
	w.refused(err, fault.TooMany, "the hundred and first guess")
}

// H82: whether there is an account shows neither in the answer nor in how long it takes: nobody waits for the work.
func TestH82_AResetAnswersBeforeItLooksForTheAccount(t *testing.T) {
	w := settled(t, storetest.SQLite(t))
	mail := &slowMail{mailbox: w.mail, release: make(chan struct{})}
	s := w.replica(func(c *identity.Config) { c.Mail = mail })
	for _, email := range []string{"viewer@example.com", "nobody@example.com", "editor@example.com", "no address"} {
		w.ok(s.RequestReset(t.Context(), email, "here"))
	}
	close(mail.release) // only now the mail of the one account there is can be written
	s.Close()
	if w.mail.code("viewer@example.com") == "" {
		t.Error("the mail wasn't sent")
	}
}

// slowMail waits to be let go.
type slowMail struct {
	*mailbox
	release chan struct{}
}

func (m *slowMail) PasswordReset(ctx context.Context, email, link string) error {
	<-m.release
	return m.mailbox.PasswordReset(ctx, email, link)
}

func TestUnsentMailIsShownToAdministratorsOfItsRecipients(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.reset("viewer@example.com")
		_, err := w.UnsentMail(ctx, w.who("developer"))
		w.refused(err, fault.Forbidden, "a developer reading links that open accounts")
		shown, err := w.UnsentMail(ctx, w.who("admin"))
		if err != nil || len(shown) != 1 || shown[0].To != "viewer@example.com" || !w.log.has("mail.read", false) {
			t.Errorf("%+v, %v", shown, err)
		}
		if shown, err = w.UnsentMail(ctx, w.who("stranger")); err != nil || len(shown) != 0 {
			t.Errorf("another organization is shown %+v, %v", shown, err)
		}
	})
}

func TestH83_H85_Passwords(t *testing.T) {
	w := settled(t, storetest.SQLite(t))
	ctx, viewer := t.Context(), w.who("viewer")
	r, _ := w.session("viewer")
	w.refused(w.ChangePassword(ctx, viewer, "wrong", "another_password1!", ""), fault.NotFound, "with a wrong password")
	w.refused(w.ChangePassword(ctx, viewer, password, "weak", ""), fault.Invalid, "to a weak one")
	w.reset("viewer@example.com")
	w.reset("nobody@example.com")
	w.reset("editor@example.com") // has no password, so gains none
	if w.mail.code("editor@example.com") != "" {
		t.Error("somebody without a password was mailed a way to one")
	}
	code := w.mail.code("viewer@example.com")
	w.ok(w.CheckReset(ctx, code))
	w.ok(w.ResetPassword(ctx, code, "another_password1!"))
	w.refused(w.ResetPassword(ctx, code, "third_password1!"), fault.NotFound, "the same code again")
	if who, err := w.Resolve(r); err != nil || who.Kind != access.Anonymous {
		t.Errorf("the session from before the reset: %+v, %v", who, err)
	}
	_, err := w.Login(ctx, "viewer@example.com", "another_password1!", "")
	w.ok(err)
	w.reset("viewer@example.com")
	w.clock.pass(25 * time.Hour)
	w.refused(w.CheckReset(ctx, w.mail.code("viewer@example.com")), fault.Gone, "an old code")
	_, err = w.db.NewRaw(`INSERT INTO user_identities (issuer, subject, issuer_type, user_id, email, created_at)
		VALUES ('https://id.example', '1', 'oidc', ?, 'editor@example.com', ?)`, w.users["editor"].UUID, w.clock.now()).Exec(ctx)
	w.ok(err)
	w.refused(w.ChangePassword(ctx, w.who("editor"), "", password, ""), fault.Forbidden, "a password beside single sign-on")
}

func TestPasscodesVerifyAndWearOut(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, viewer := t.Context(), w.who("viewer")
		status, err := w.SendPasscode(ctx, viewer)
		if err != nil || status.Passcode == nil || status.Verified {
			t.Fatalf("%+v, %v", status, err)
		}
		for range 5 {
			_, err = w.EmailStatus(ctx, viewer, "wrong")
			w.ok(err)
		}
		right := w.mail.sent["viewer@example.com"]
		status, err = w.EmailStatus(ctx, viewer, right)
		if err != nil || status.Verified || !status.Passcode.MaxTries {
			t.Errorf("after five wrong tries: %+v, %v", status, err)
		}
		_, err = w.SendPasscode(ctx, viewer)
		w.ok(err)
		w.clock.pass(16 * time.Minute)
		right = w.mail.sent["viewer@example.com"]
		if status, err = w.EmailStatus(ctx, viewer, right); err != nil || status.Verified || !status.Passcode.Expired {
			t.Errorf("after 16 minutes: %+v, %v", status, err)
		}
		_, err = w.SendPasscode(ctx, viewer)
		w.ok(err)
		if status, err = w.EmailStatus(ctx, viewer, w.mail.sent["viewer@example.com"]); err != nil || !status.Verified {
			t.Errorf("with the passcode: %+v, %v", status, err)
		}
		if !w.who("viewer").EmailVerified {
			t.Error("the principal doesn't know")
		}
		other := "other@example.com"
		u, err := w.UpdateUser(ctx, w.who("viewer"), identity.UserUpdate{Email: &other})
		if err != nil || u.EmailVerified {
			t.Errorf("a new address is verified: %+v, %v", u, err)
		}
	})
}

func TestPeopleOfADomainJoinByThemselvesOnceVerified(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, admin := t.Context(), w.who("admin")
		for name, d := range map[string]identity.Domains{
			"a mail provider":            {Domains: []string{"gmail.com"}, Role: access.Viewer},
			"a powerful role":            {Domains: []string{"golden.test"}, Role: access.Developer},
			"roles in projects for all":  {Domains: []string{"golden.test"}, Role: access.Viewer, Projects: []identity.DomainProject{{Project: ourProject, Role: access.Viewer}}},
			"an admin role in a project": {Domains: []string{"golden.test"}, Role: access.Member, Projects: []identity.DomainProject{{Project: ourProject, Role: access.Admin}}},
		} {
			_, err := w.SetDomains(ctx, admin, d)
			w.refused(err, fault.Invalid, name)
		}
		_, err := w.SetDomains(ctx, admin, identity.Domains{Domains: []string{"Golden.test"}, Role: access.Member,
			Projects: []identity.DomainProject{{Project: ourProject, Role: access.Viewer}}})
		w.ok(err)
		u, err := w.Register(ctx, identity.Registration{Email: "a@golden.test", First: "A", Last: "B", Password: password})
		w.ok(err)
		who, err := w.PrincipalOf(ctx, "", u.UUID)
		w.ok(err)
		w.refused(w.Join(ctx, who, ours), fault.Forbidden, "joining unverified")
		_, err = w.EmailStatus(ctx, who, w.mail.sent["a@golden.test"])
		w.ok(err)
		who, err = w.PrincipalOf(ctx, "", u.UUID)
		w.ok(err)
		w.refused(w.Join(ctx, who, theirs), fault.Forbidden, "joining another organization")
		w.ok(w.Join(ctx, who, ours))
		who, err = w.PrincipalOf(ctx, "", u.UUID)
		if err != nil || who.OrgRole != access.Member || len(who.ProjectRoles[ourProject]) != 1 {
			t.Errorf("%+v, %v", who, err)
		}
		w.refused(w.Join(ctx, who, ours), fault.Forbidden, "joining twice")
	})
}

func TestADeactivatedAccountIsLockedOut(t *testing.T) {
	w := settled(t, storetest.SQLite(t))
	ctx := t.Context()
	r, _ := w.session("viewer")
	w.ok(w.SetActive(ctx, w.who("admin"), w.users["viewer"].UUID, false))
	_, err := w.Resolve(r)
	w.refused(err, fault.Forbidden, "its session")
	_, err = w.Login(ctx, "viewer@example.com", password, "")
	w.refused(err, fault.Forbidden, "its login")
	w.ok(w.SetActive(ctx, w.who("admin"), w.users["viewer"].UUID, true))
	if who, err := w.Resolve(r); err != nil || who.Kind != access.Anonymous {
		t.Errorf("the old session comes back: %+v, %v", who, err)
	}
}

// H81, H142: what a copy of the database holds opens nothing.
func TestH81_H142_SecretsAreNotStored(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, viewer := t.Context(), w.who("viewer")
		_, session := w.session("viewer")
		token, err := w.CreateToken(ctx, viewer, "key", nil, false)
		w.ok(err)
		login, err := w.SaveWarehouseLogin(ctx, viewer, "", "mine", map[string]any{"type": "postgres", "user": "u", "password": "hunter2hunter2"})
		w.ok(err)
		public, err := w.CreateSSHKey(ctx, viewer)
		w.ok(err)
		private, err := w.SSHPrivateKey(ctx, ours, public)
		w.ok(err)
		_, err = w.SSHPrivateKey(ctx, theirs, public)
		w.refused(err, fault.NotFound, "their reading our key")
		w.reset("viewer@example.com")
		reset := w.mail.code("viewer@example.com")
		_, err = w.SendPasscode(ctx, viewer)
		w.ok(err)
		passcode := w.mail.sent["viewer@example.com"]
		invite, err := w.Invite(ctx, w.who("admin"), "new@example.com", access.Viewer, w.clock.now().Add(time.Hour))
		w.ok(err)
		dump := w.dump()
		for name, text := range map[string]string{"password": password, "session": session.Token, "token": token.Text,
			"warehouse password": "hunter2hunter2", "private key": string(private)[40:80], "reset code": reset,
			"invite code": invite.Code, "passcode": "|" + passcode + "|"} {
			if strings.Contains(dump, text) {
				t.Errorf("the %s is stored in plain text", name)
			}
		}
		if settings, err := w.LoginSettings(ctx, viewer.User, login.UUID); err != nil || settings["password"] != "hunter2hunter2" {
			t.Errorf("the login opens as %v, %v", settings, err)
		}
		_, err = w.LoginSettings(ctx, w.users["admin"].UUID, login.UUID)
		w.refused(err, fault.NotFound, "somebody else's login")
	})
}

// H141: another secret can't open what was sealed, and says so.
func TestH141_AnotherSecretFailsClosed(t *testing.T) {
	w := settled(t, storetest.SQLite(t))
	ctx, viewer := t.Context(), w.who("viewer")
	login, err := w.SaveWarehouseLogin(ctx, viewer, "", "mine", map[string]any{"type": "postgres", "password": "x"})
	w.ok(err)
	key, err := secret.New("another secret that is long enough to start with")
	w.ok(err)
	other, err := identity.New(w.db, key, identity.Config{Projects: projects{}})
	w.ok(err)
	if settings, err := other.LoginSettings(ctx, viewer.User, login.UUID); err == nil {
		t.Errorf("opened as %v", settings)
	}
}

func TestTokensAreRotatedByTheirOwnerOnly(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, viewer, later := t.Context(), w.who("viewer"), w.clock.now().Add(48*time.Hour)
		token, err := w.CreateToken(ctx, viewer, "key", &later, false)
		w.ok(err)
		_, err = w.ByToken(ctx, token.Text)
		w.ok(err)
		_, err = w.RotateToken(ctx, w.who("admin"), token.UUID, later)
		w.refused(err, fault.NotFound, "rotation by somebody else")
		w.ok(w.DeleteToken(ctx, w.who("admin"), token.UUID))
		_, err = w.ByToken(ctx, token.Text)
		w.ok(err) // somebody else's delete did nothing
		_, err = w.RotateToken(ctx, viewer, token.UUID, w.clock.now())
		w.refused(err, fault.Invalid, "an end in the past")
		rotated, err := w.RotateToken(ctx, viewer, token.UUID, later)
		w.ok(err)
		_, err = w.ByToken(ctx, token.Text)
		w.refused(err, fault.Unauthenticated, "the old text")
		_, err = w.ByToken(ctx, rotated.Text)
		w.ok(err)
		_, err = w.RotateToken(ctx, viewer, token.UUID, later)
		w.refused(err, fault.Invalid, "rotation again at once")
		forever, err := w.CreateToken(ctx, viewer, "forever", nil, false)
		w.ok(err)
		_, err = w.RotateToken(ctx, viewer, forever.UUID, later)
		w.refused(err, fault.Invalid, "rotation of one without end")
		w.ok(w.DeleteToken(ctx, viewer, token.UUID))
		_, err = w.ByToken(ctx, rotated.Text)
		w.refused(err, fault.Unauthenticated, "a deleted token")
	})
}
