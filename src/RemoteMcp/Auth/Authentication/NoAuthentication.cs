using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace RemoteMcp.Auth.Authentication;

/// <summary>
/// Represents the default authentication scheme, which authenticates nobody. ASP.NET Core's builder adds the authentication middleware to
/// the host automatically, and this middleware runs before the pipeline has applied its limits to the request. It must therefore not
/// validate the token. The pipeline validates the token later (<see cref="BearerAuthentication"/>).
/// </summary>
internal sealed class NoAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public new const string Scheme = "None";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(AuthenticateResult.NoResult());
}
