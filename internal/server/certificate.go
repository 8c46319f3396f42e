package server

import (
	"context"
	"errors"
	"net"
	"path/filepath"
	"strings"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/certificate"
)

// openCertificates makes the source of the certificates for the public address; nil where that does not speak TLS.
// redirect is the listener of http.redirectAddress, or nil.
func (s *Server) openCertificates(public net.Addr, redirect net.Listener) (certificate.Source, error) {
	c := s.conf.HTTP
	switch {
	case s.conf.UsesACME():
		options := certificate.ACMEOptions{
			Domains: c.ACME, Email: c.ACMEEmail, Directory: c.ACMEDirectory, RootFile: c.ACMERootFile,
			Dir:        filepath.Join(s.conf.Data.Dir, "acme"),
			TLSAddress: public.String(),
			Logger:     s.log, Report: s.raiseOwn, Cleared: s.clearOwn,
		}
		if redirect != nil {
			options.HTTPAddress = redirect.Addr().String()
		}
		source, err := certificate.NewACME(options)
		if root, ok := errors.AsType[*certificate.RootError](err); ok {
			return nil, fault.StartupFailedACMERoot(root.Path, root.Problem).Because(err)
		}
		if err != nil {
			return nil, fault.From(err)
		}
		return source, nil
	case s.conf.IsTLS():
		source, err := certificate.NewFiles(certificate.FilesOptions{
			CertFile: c.CertFile, KeyFile: c.KeyFile, Logger: s.log, Report: s.raiseOwn, Cleared: s.clearOwn,
		})
		if err != nil {
			return nil, certificate.FilesFault(err)
		}
		return source, nil
	}
	return nil, nil
}

// certificateChecks are those of a server that speaks TLS itself: without a valid certificate nobody can call; while it
// is not renewed, people can, for now.
func (s *Server) certificateChecks() []check {
	if s.certificates == nil {
		return nil
	}
	failing := func(status certificate.Status) capability {
		if f := status.Failure; f != nil {
			return capability{Detail: f.Detail + " " + f.Remedy, Code: f.Code, Reason: f.Reason}
		}
		return capability{Detail: "no certificate was issued yet for " + strings.Join(status.Names, ", ")}
	}
	return []check{
		{"certificate", true, time.Second, func(context.Context) capability {
			now := time.Now()
			status := s.certificates.Status(now)
			if !status.Usable(now) {
				return failing(status)
			}
			return capability{Ready: true, Detail: "valid until " + fault.InstantOf(status.NotAfter).String()}
		}},
		{"certificateRenewal", false, time.Second, func(context.Context) capability {
			if status := s.certificates.Status(time.Now()); status.Failure != nil {
				return failing(status)
			}
			return capability{Ready: true}
		}},
	}
}

// measureCertificates publishes when the certificate expires and whether it is renewed.
func (s *Server) measureCertificates(gauge func(name, help string, read func() float64)) {
	if s.certificates == nil {
		return
	}
	gauge("klatch_certificate_expiry_timestamp_seconds",
		"When the first certificate expires, in Unix time; 0 while one is missing.",
		func() float64 {
			if until := s.certificates.Status(time.Now()).NotAfter; !until.IsZero() {
				return float64(until.Unix())
			}
			return 0
		})
	gauge("klatch_certificate_failing",
		"1 while a certificate cannot be obtained, renewed or loaded, or expires soon; else 0.",
		func() float64 {
			if s.certificates.Status(time.Now()).Failure != nil {
				return 1
			}
			return 0
		})
}
