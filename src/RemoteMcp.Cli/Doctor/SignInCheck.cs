using System.Net;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace RemoteMcp.Cli.Doctor;

/// <summary>
/// Checks what a client needs before it can sign in (RFC 6750, RFC 9728). <see cref="TokenCheck"/> performs the sign-in itself.
/// </summary>
internal static class SignInCheck
{
    private const string ScopeExample = "scope=\"api://…/Mcp.Use\"";

    public static async IAsyncEnumerable<Finding> RunAsync(Visit visit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (answer, silence) = await AskWithoutTokenAsync(visit, cancellationToken);
        if (answer is null)
        {
            visit.IsUnreachable = true;
            yield return silence!;
            yield break;
        }

        using var response = answer;
        if (response.StatusCode != HttpStatusCode.Unauthorized)
        {
            yield return DescribeOpen(visit, response.StatusCode);
            yield break;
        }

        visit.NeedsSignIn = true;
        var challenge = Challenge.Read(response.Headers.WwwAuthenticate);
        yield return Judge(visit, challenge);
        if (challenge.ResourceMetadata is not { } metadataUrl)
        {
            yield break;
        }

        yield return await ReadMetadataAsync(visit, metadataUrl, cancellationToken);
        if (visit.Issuer is not null)
        {
            yield return await ReadIssuerAsync(visit, cancellationToken);
        }
    }

    private static async Task<(HttpResponseMessage? Response, Finding? Silence)> AskWithoutTokenAsync(Visit visit, CancellationToken cancellationToken)
    {
        try
        {
            return (await visit.AskAsync(token: null, cancellationToken), null);
        }
        catch (Exception exception) when (Visit.IsSilence(exception, cancellationToken))
        {
            return (null, new(Verdict.Bad, "Sign-in", $"The endpoint does not answer a POST: {Excerpt.Of(exception.Message)}", "Look at the server's log; a gateway before the server must let POST pass."));
        }
    }

    private static Finding DescribeOpen(Visit visit, HttpStatusCode status) => (int)status switch
    {
        >= 300 and < 400 => new(Verdict.Bad, "Sign-in", $"The endpoint redirects (HTTP {(int)status}).", "Use the URL that it redirects to; turn App Service authentication (Easy Auth) off: it breaks MCP."),
        404 or 405 => new(Verdict.Bad, "Sign-in", $"HTTP {(int)status}: there is no MCP endpoint here.", "Check the URL: it ends in /mcp."),
        >= 500 => new(Verdict.Bad, "Sign-in", $"HTTP {(int)status}.", "Look at the server's log."),
        _ when visit.Endpoint.IsLoopback => new(Verdict.Good, "Sign-in", "None is asked for, on this machine."),
        _ => new(Verdict.Bad, "Sign-in", "None is asked for: anybody who reaches the server may call it.", "Set RemoteMcp:Auth:Mode to Entra (docs/identity.md)."),
    };

    private static Finding Judge(Visit visit, Challenge challenge)
    {
        visit.Scope = challenge.Scope;
        return challenge switch
        {
            { IsBearer: false } => new(Verdict.Bad, "Challenge", "401 without a Bearer challenge: clients cannot know how to sign in.", "Another layer answers in the server's place: turn App Service authentication off."),
            { ResourceMetadata: null } => new(Verdict.Bad, "Challenge", "The challenge names no resource_metadata.", "Clients then guess; use a server that follows RFC 9728, section 5.1."),
            { Scope: null } => new(Verdict.Warning, "Challenge", "The challenge names no scope.", $"Entra refuses a sign-in without one (AADSTS900144); expected {ScopeExample}."),
            _ => new(Verdict.Good, "Challenge", $"401 with resource_metadata and scope {Excerpt.Of(challenge.Scope)}."),
        };
    }

    private static async Task<Finding> ReadMetadataAsync(Visit visit, Uri url, CancellationToken cancellationToken)
    {
        try
        {
            var metadata = await visit.Http.GetFromJsonAsync<JsonElement>(url, cancellationToken);
            var resource = metadata.GetProperty("resource").GetString();
            visit.Issuer = new Uri(metadata.GetProperty("authorization_servers")[0].GetString()!);
            return new Uri(resource!) == visit.Endpoint
                ? new(Verdict.Good, "Metadata", $"The resource is {Excerpt.Of(resource!)}, its issuer {Excerpt.Of(visit.Issuer.ToString())}.")
                : new(Verdict.Bad, "Metadata", $"The resource is {Excerpt.Of(resource!)}, but the URL is {visit.Endpoint}: clients refuse that (RFC 9728, section 3.3).", "Set RemoteMcp:PublicUrl to the URL that people use, without /mcp.");
        }
        catch (Exception exception) when (IsUnreadable(exception, cancellationToken))
        {
            return new(Verdict.Bad, "Metadata", $"{url} cannot be read: {Excerpt.Of(exception.Message)}", "The gateway before the server must let /.well-known/oauth-protected-resource pass.");
        }
    }

    private static async Task<Finding> ReadIssuerAsync(Visit visit, CancellationToken cancellationToken)
    {
        var url = new Uri(visit.Issuer!.ToString().TrimEnd('/') + "/.well-known/openid-configuration");
        try
        {
            var document = await visit.Http.GetFromJsonAsync<JsonElement>(url, cancellationToken);
            return new(Verdict.Good, "Issuer", $"It signs people in at {Excerpt.Of(document.GetProperty("authorization_endpoint").GetString()!)}.");
        }
        catch (Exception exception) when (IsUnreadable(exception, cancellationToken))
        {
            return new(Verdict.Bad, "Issuer", $"{url} cannot be read: {Excerpt.Of(exception.Message)}", "Check RemoteMcp:Auth:Instance and TenantId, and this machine's way to the sign-in service.");
        }
    }

    private static bool IsUnreadable(Exception exception, CancellationToken cancellationToken) => Visit.IsSilence(exception, cancellationToken) || exception switch
    {
        JsonException or InvalidOperationException or KeyNotFoundException or IndexOutOfRangeException or UriFormatException or ArgumentException => true,
        _ => false,
    };
}
