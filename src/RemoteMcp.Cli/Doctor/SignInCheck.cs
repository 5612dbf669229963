using System.Net;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace RemoteMcp.Cli.Doctor;

/// <summary>
/// Checks what a client needs before it can sign in (RFC 6750, RFC 9728). <see cref="TokenCheck"/> performs the sign-in.
/// </summary>
internal static class SignInCheck
{
    private const string ScopeExample = "scope=\"api://…/Mcp.Use\"";

    public static async IAsyncEnumerable<Finding> RunAsync(
        CheckContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (received, noResponse) = await AskWithoutTokenAsync(context, cancellationToken);
        if (received is null)
        {
            context.IsUnreachable = true;
            yield return noResponse!;
            yield break;
        }

        using var response = received;
        if (response.StatusCode != HttpStatusCode.Unauthorized)
        {
            yield return DescribeWithoutSignIn(context, response);
            yield break;
        }

        context.NeedsSignIn = true;
        var challenge = Challenge.Read(response.Headers.WwwAuthenticate);
        yield return CheckChallenge(context, challenge);
        if (challenge.ResourceMetadata is not { } metadataUrl)
        {
            yield break;
        }

        yield return await ReadMetadataAsync(context, metadataUrl, cancellationToken);
        if (context.Issuer is null)
        {
            yield break;
        }

        if (context.HasOwnSignIn)
        {
            yield return await ServerSignInCheck.RunAsync(context, cancellationToken);
        }

        yield return await EntraSignInCheck.RunAsync(context, cancellationToken);
    }

    private static async Task<(HttpResponseMessage? Response, Finding? NoResponse)> AskWithoutTokenAsync(
        CheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            return (await context.SendAsync(token: null, cancellationToken), null);
        }
        catch (Exception exception) when (CheckContext.IsNoResponse(exception, cancellationToken))
        {
            return (null, new(
                Verdict.Bad, "Sign-in", $"The endpoint does not answer a POST: {Excerpt.Of(exception.Message)}",
                "Look at the server's log. A gateway in front of the server must forward POST requests."));
        }
    }

    private static Finding DescribeWithoutSignIn(CheckContext context, HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        var target = response.Headers.Location is { } location ? $" to {Excerpt.Of(location.OriginalString)}" : "";
        return status switch
        {
            >= 300 and < 400 => new(
                Verdict.Bad, "Sign-in", $"The endpoint redirects (HTTP {status}){target}. Nothing was sent there.",
                "Use the URL that it redirects to, if you trust it. "
                + "Turn off App Service authentication (Easy Auth), because it breaks MCP."),
            404 or 405 => new(
                Verdict.Bad, "Sign-in", $"HTTP {status}: there is no MCP endpoint at this URL.", "Check the URL. It must end in /mcp."),
            >= 500 => new(Verdict.Bad, "Sign-in", $"HTTP {status}.", "Look at the server's log."),
            _ when context.Endpoint.IsLoopback => new(Verdict.Good, "Sign-in", "The server on this machine requires no sign-in."),
            _ => new(
                Verdict.Bad, "Sign-in", "The server requires no sign-in. Anyone who can reach it can call it.",
                "Set RemoteMcp:Auth:Mode to Entra (docs/identity.md)."),
        };
    }

    private static Finding CheckChallenge(CheckContext context, Challenge challenge)
    {
        context.Scope = challenge.Scope;
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

    private static async Task<Finding> ReadMetadataAsync(CheckContext context, Uri url, CancellationToken cancellationToken)
    {
        if (await context.Origins.FindProblemAsync(url, "its resource metadata", cancellationToken) is var (problem, remedy))
        {
            return new(Verdict.Bad, "Metadata", problem, remedy);
        }

        try
        {
            var metadata = await context.Http.GetFromJsonAsync<JsonElement>(url, cancellationToken);
            var resource = metadata.GetProperty("resource").GetString();
            context.Issuer = new Uri(metadata.GetProperty("authorization_servers")[0].GetString()!);
            return new Uri(resource!) == context.Endpoint
                ? new(
                    Verdict.Good, "Metadata",
                    $"The resource is {Excerpt.Of(resource!)}. Its issuer is {Excerpt.Of(context.Issuer.ToString())}.")
                : new(
                    Verdict.Bad, "Metadata",
                    $"The resource is {Excerpt.Of(resource!)}, but the URL is {context.Endpoint}. "
                        + "Clients refuse this (RFC 9728, section 3.3).",
                    "Set RemoteMcp:PublicUrl to the URL that people use, without /mcp.");
        }
        catch (Exception exception) when (CheckContext.IsUnreadable(exception, cancellationToken))
        {
            return new(
                Verdict.Bad, "Metadata", $"{Excerpt.Of(url.AbsoluteUri)} cannot be read: {Excerpt.Of(exception.Message)}",
                "A gateway in front of the server must forward /.well-known/oauth-protected-resource.");
        }
    }
}
