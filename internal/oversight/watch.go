package oversight

import (
	"context"
	"sync"

	"inlay/internal/access"
	"inlay/internal/fault"
)

// pages are those that are open on this server and want to know when their credential ends.
type pages struct {
	mu   sync.Mutex
	open map[*page]bool
}

type page struct {
	who  access.Principal
	told chan struct{}
}

// Watch gives a channel that is closed once the credential may have ended or changed, on whichever replica, so that
// whoever shows something by it asks again. leave ends the watch.
func (s *Service) Watch(who access.Principal) (told <-chan struct{}, leave func()) {
	p := &page{who, make(chan struct{})}
	s.pages.mu.Lock()
	defer s.pages.mu.Unlock()
	s.pages.open[p] = true
	return p.told, func() {
		s.pages.mu.Lock()
		defer s.pages.mu.Unlock()
		delete(s.pages.open, p)
	}
}

func (p *pages) tell(concerned func(access.Principal) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for one := range p.open {
		if concerned(one.who) {
			close(one.told)
			delete(p.open, one)
		}
	}
}

// recheck stops what is running here for members whose roles, groups or attributes are others now than when it began.
// Rights that don't come from an account are part of a session or a tenant, whose changes are announced.
func (s *Service) recheck(ctx context.Context) {
	type account struct{ organization, user string }
	now := map[account]access.Principal{}
	for _, who := range s.Door.Readers() {
		if !ofAccount(who) {
			continue
		}
		rights, err := s.People.PrincipalOf(ctx, who.Organization, who.User)
		if err == nil || fault.Is(err, fault.NotFound) || fault.Is(err, fault.Forbidden) { // gone: no rights
			now[account{who.Organization, who.User}] = rights
		}
	}
	changed := func(who access.Principal) bool {
		rights, known := now[account{who.Organization, who.User}]
		return known && ofAccount(who) && !sameRights(who, rights)
	}
	if n := s.Door.Stop(fault.Coded(fault.Unavailable, "RightsChanged", "Your rights changed while the query ran; ask again"), changed); n > 0 {
		s.Log.InfoContext(ctx, "queries were stopped whose askers' rights changed", "queries", n)
	}
}

func ofAccount(who access.Principal) bool { return who.Kind == access.User && who.User != "" }

// sameRights compares a credential's rights with the account's; a credential for one project carries less.
func sameRights(who, account access.Principal) bool {
	if who.Project != "" {
		who, account = who.Inside(who.Project).Viewing(who.Project), account.Inside(who.Project).Viewing(who.Project)
	}
	return who.SameRights(account)
}
