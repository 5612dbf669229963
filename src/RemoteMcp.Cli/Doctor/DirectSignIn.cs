using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Microsoft.Identity.Client;

namespace RemoteMcp.Cli.Doctor;

/// <summary>Signs the user in at Entra ID, with the client ID of a public client.</summary>
/// <param name="ClientId">The client ID.</param>
/// <param name="Tenant">The tenant, or null to use the tenant of the server.</param>
/// <param name="Browser">A value that indicates whether to use the browser of this machine instead of a device code.</param>
/// <param name="Terminal">The writer that shows the device code.</param>
/// <param name="IsConfirmed">A value that indicates whether the user has confirmed the sign-in on the command line.</param>
internal sealed record DirectSignIn(string ClientId, string? Tenant, bool Browser, TextWriter Terminal, bool IsConfirmed = false) : ISignIn
{
    /// <inheritdoc/>
    public (Verdict Verdict, string Problem, string Remedy)? FindProblem(CheckContext context)
    {
        if (context.Scope is null || FindIssuer(context) is null)
        {
            return (
                Verdict.Skipped,
                "You are not signed in, because the server does not name both an issuer and a scope.",
                "See above. If only the issuer is unknown, use --tenant.");
        }

        // A server could request a token for another API. This check finds most of these cases. The user sees the scopes and confirms them.
        return Array.Find(ScopesOf(context), scope =>
            !scope.StartsWith("api://", StringComparison.Ordinal)
                && !scope.StartsWith(context.Endpoint.GetLeftPart(UriPartial.Authority) + "/", StringComparison.Ordinal)) is { } foreign
            ? (
                Verdict.Bad, $"The server requests a token for another API: {Excerpt.Of(foreign)}.",
                "Do not sign in to this server. The scopes of a server must start with api:// or with the server's URL.")
            : null;
    }

    /// <inheritdoc/>
    public async ValueTask<AccessToken> GetTokenAsync(CheckContext context, CancellationToken cancellationToken)
    {
        var (issuer, scopes) = (FindIssuer(context)!, ScopesOf(context));
        // The server names the issuer and the scopes. A browser that is already signed in there does not show them to the user.
        var purpose = $"You sign in at {Excerpt.Of(issuer.AbsoluteUri)}. The token is for {Excerpt.Of(string.Join(", ", scopes))}, "
            + $"and is sent to {OriginPolicy.NameOf(context.Endpoint)}.";
        await Terminal.WriteLineAsync(purpose);
        // The user confirms a sign-in with a device code when they enter the code. A browser may need no act of the user.
        if (!IsConfirmed && (Browser || context.Origins.CanAsk) && !await context.Origins.ConfirmAsync("Sign in?", cancellationToken))
        {
            throw new SignInFailedException(
                "Nobody confirmed the sign-in.",
                "Run it again in a terminal, and confirm the sign-in. Without a terminal, leave --browser out, or add --yes.");
        }

        try
        {
            return await CreateCredential(context, issuer)
                .GetTokenAsync(new TokenRequestContext(scopes), cancellationToken);
        }
        // A server can name an issuer without TLS or a tenant that cannot exist (ArgumentException).
        catch (Exception exception) when (exception is AuthenticationFailedException or ArgumentException)
        {
            // The message of the credential does not include the error from Entra. The inner exception does.
            throw new SignInFailedException((exception.InnerException ?? exception).Message, RemedyFor(exception), exception);
        }
    }

    /// <summary>Returns the message with the device code.</summary>
    public static string Describe(Uri page, string code) =>
        $"To sign in, use a web browser to open the page {Excerpt.Of(page.AbsoluteUri)} "
        + $"and enter the code {Excerpt.Of(code)} to authenticate.";

    private Uri? FindIssuer(CheckContext context) =>
        context.EntraIssuer ?? (Tenant is null ? null : new Uri(AzureAuthorityHosts.AzurePublicCloud, $"{Tenant}/v2.0"));

    private TokenCredential CreateCredential(CheckContext context, Uri issuer)
    {
        var tenant = Tenant ?? issuer.Segments.ElementAtOrDefault(1)?.Trim('/');
        var authority = new Uri(issuer.GetLeftPart(UriPartial.Authority));
        // The metadata of the authority can name endpoints on any server. This transport sends nothing to origins that are not allowed.
        var transport = new HttpClientTransport(context.Http);
        // The server provides the authority. By default, MSAL asks Microsoft's cloud whether the authority is valid.
        var isMicrosoft = authority.Host.EndsWith(".microsoftonline.com", StringComparison.OrdinalIgnoreCase);
        return Browser
            ? new InteractiveBrowserCredential(new InteractiveBrowserCredentialOptions
            {
                ClientId = ClientId,
                TenantId = tenant,
                AuthorityHost = authority,
                DisableInstanceDiscovery = !isMicrosoft,
                Transport = transport,
            })
            : new DeviceCodeCredential(new DeviceCodeCredentialOptions
            {
                ClientId = ClientId,
                TenantId = tenant,
                AuthorityHost = authority,
                DisableInstanceDiscovery = !isMicrosoft,
                Transport = transport,
                // The message of the service is not used, because it can contain any text.
                DeviceCodeCallback = (code, _) => Terminal.WriteLineAsync(Describe(code.VerificationUri, code.UserCode)),
            });
    }

    private static string[] ScopesOf(CheckContext context) => context.Scope!.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string RemedyFor(Exception exception) =>
        (exception.InnerException as MsalException)?.ErrorCode switch
        {
            MsalError.AccessDenied or "authorization_declined" =>
                "Run it again, and accept the request. If you are not allowed to accept it, ask an administrator (docs/identity.md).",
            MsalError.CodeExpired or "expired_token" => "Run it again, and enter the code before it expires.",
            MsalError.LinuxXdgOpen => "Leave --browser out. The command then shows a code that you can enter in a browser on any machine.",
            _ => "docs/identity.md lists the errors of Entra ID and how to fix them.",
        };
}
