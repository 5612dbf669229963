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

    private static async Task<(HttpResponseMessage? Response, Finding? Silence)> AskWithoutTokenAsync(
        Visit visit, CancellationToken cancellationToken)
    {
        try
        {
            return (await visit.AskAsync(token: null, cancellationToken), null);
        }
        catch (Exception exception) when (Visit.IsSilence(exception, cancellationToken))
        {
            return (null, new(
                Verdict.Bad, "Sign-in", $"The endpoint does not answer a POST: {Excerpt.Of(exception.Message)}",
                "Look at the server's log. A gateway in front of the server must forward POST requests."));
        }
    }

    private static Finding DescribeOpen(Visit visit, HttpStatusCode status) => (int)status switch
    {
        >= 300 and < 400 => new(
            Verdict.Bad, "Sign-in", $"The endpoint redirects (HTTP {(int)status}).",
            "Use the URL that it redirects to. Turn off App Service authentication (Easy Auth), because it breaks MCP."),
        404 or 405 => new(
            Verdict.Bad, "Sign-in", $"HTTP {(int)status}: there is no MCP endpoint at this URL.", "Check the URL. It must end in /mcp."),
        >= 500 => new(Verdict.Bad, "Sign-in", $"HTTP {(int)status}.", "Look at the server's log."),
        _ when visit.Endpoint.IsLoopback => new(Verdict.Good, "Sign-in", "The server on this machine requires no sign-in."),
        _ => new(
            Verdict.Bad, "Sign-in", "The server requires no sign-in. Anyone who can reach it can call it.",
            "Set RemoteMcp:Auth:Mode to Entra (docs/identity.md)."),
    };

    private static Finding Judge(Visit visit, Challenge challenge)
    {
        visit.Scope = challenge.Scope;
        return challenge switch
        {
            { IsBearer: false } => new(
                Verdict.Bad, "Challenge", "401 without a Bearer challenge: clients cannot know how to sign in.",
                "Another layer answers before the server does. Turn off App Service authentication."),
            { ResourceMetadata: null } => new(
                Verdict.Bad, "Challenge", "The challenge has no resource_metadata.",
                "Clients must guess where to sign in. Use a server that follows RFC 9728, section 5.1."),
            { Scope: null } => new(
                Verdict.Warning, "Challenge", "The challenge has no scope.",
                $"Entra ID refuses a sign-in without a scope (AADSTS900144). The challenge should contain {ScopeExample}."),
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
                ? new(
                    Verdict.Good, "Metadata",
                    $"The resource is {Excerpt.Of(resource!)}. Its issuer is {Excerpt.Of(visit.Issuer.ToString())}.")
                : new(
                    Verdict.Bad, "Metadata",
                    $"The resource is {Excerpt.Of(resource!)}, but the URL is {visit.Endpoint}. "
                        + "Clients refuse this (RFC 9728, section 3.3).",
                    "Set RemoteMcp:PublicUrl to the URL that people use, without /mcp.");
        }
        catch (Exception exception) when (IsUnreadable(exception, cancellationToken))
        {
            return new(
                Verdict.Bad, "Metadata", $"{url} cannot be read: {Excerpt.Of(exception.Message)}",
                "A gateway in front of the server must forward /.well-known/oauth-protected-resource.");
        }
    }

    private static async Task<Finding> ReadIssuerAsync(Visit visit, CancellationToken cancellationToken)
    {
        var url = new Uri(visit.Issuer!.ToString().TrimEnd('/') + "/.well-known/openid-configuration");
        try
        {
            var document = await visit.Http.GetFromJsonAsync<JsonElement>(url, cancellationToken);
            var page = document.GetProperty("authorization_endpoint").GetString()!;
            return new(Verdict.Good, "Issuer", $"The issuer signs people in at {Excerpt.Of(page)}.");
        }
        catch (Exception exception) when (IsUnreadable(exception, cancellationToken))
        {
            return new(
                Verdict.Bad, "Issuer", $"{url} cannot be read: {Excerpt.Of(exception.Message)}",
                "Check RemoteMcp:Auth:Instance and TenantId, and whether this machine can reach the sign-in service.");
        }
    }

    private static bool IsUnreadable(Exception exception, CancellationToken cancellationToken) =>
        Visit.IsSilence(exception, cancellationToken) || exception switch
        {
            JsonException
                or InvalidOperationException
                or KeyNotFoundException
                or IndexOutOfRangeException
                or UriFormatException
                or ArgumentException => true,
            _ => false,
        };
}
