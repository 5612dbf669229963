using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Web;
using Microsoft.AspNetCore.WebUtilities;

namespace RemoteMcp.Cli.Doctor;

/// <summary>
/// Checks the sign-in at the server itself, as a client that has only the URL: the metadata of the authorization server, the registration
/// of a client, and the redirect of the browser to Entra ID. The registration stores nothing on the server.
/// </summary>
internal static class ServerSignInCheck
{
    private const string Check = "Sign-in (this server)";

    private const string Redirect = "http://127.0.0.1/callback";

    private static readonly object s_registration = new
    {
        client_name = "remote-mcp doctor",
        redirect_uris = (string[])[Redirect],
        grant_types = (string[])["authorization_code"],
        response_types = (string[])["code"],
        token_endpoint_auth_method = "none",
    };

    /// <summary>Runs the check. If it finds the page of Entra ID, it sets <see cref="CheckContext.EntraPage"/>.</summary>
    public static async Task<Finding> RunAsync(CheckContext context, CancellationToken cancellationToken)
    {
        var url = AuthorizationServerMetadata.UrlOf(context.Issuer!);
        AuthorizationServerMetadata metadata;
        try
        {
            metadata = AuthorizationServerMetadata.Read(await context.Http.GetFromJsonAsync<JsonElement>(url, cancellationToken));
        }
        catch (Exception exception) when (CheckContext.IsUnreadable(exception, cancellationToken))
        {
            return Fail(
                $"{Excerpt.Of(url.ToString())} cannot be read: {Excerpt.Of(exception.Message)}",
                "A gateway in front of the server must forward /.well-known/oauth-authorization-server.");
        }

        if (metadata.FindProblem(context) is var (problem, remedy))
        {
            return Fail(problem, remedy);
        }

        if (metadata.RegistrationEndpoint is not { } registration)
        {
            return new(
                Verdict.Warning, Check, DescribeClients(metadata),
                "The metadata has no registration_endpoint. Use the current version of the server.");
        }

        try
        {
            var (clientId, refusal) = await RegisterAsync(context, registration, cancellationToken);
            return refusal ?? await FollowAsync(context, metadata, clientId!, cancellationToken);
        }
        catch (Exception exception) when (CheckContext.IsUnreadable(exception, cancellationToken))
        {
            return Fail($"The sign-in cannot start: {Excerpt.Of(exception.Message)}", "Look at the server's log.");
        }
    }

    private static async Task<(string? ClientId, Finding? Refusal)> RegisterAsync(
        CheckContext context, Uri endpoint, CancellationToken cancellationToken)
    {
        using var response = await context.Http.PostAsJsonAsync(endpoint, s_registration, cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.StatusCode == HttpStatusCode.Created
            && JsonElement.Parse(body).GetProperty("client_id").GetString() is { Length: > 0 } clientId
                ? (clientId, null)
                : (null, Fail(
                    $"The server does not register a client: HTTP {(int)response.StatusCode}: {Excerpt.Of(body)}",
                    "Look at the server's log."));
    }

    private static async Task<Finding> FollowAsync(
        CheckContext context, AuthorizationServerMetadata metadata, string clientId, CancellationToken cancellationToken)
    {
        var url = QueryHelpers.AddQueryString(metadata.AuthorizationEndpoint.AbsoluteUri, new Dictionary<string, string?>
        {
            ["response_type"] = "code",
            ["client_id"] = clientId,
            ["redirect_uri"] = Redirect,
            ["state"] = "doctor",
            // Nobody redeems a code, so the challenge needs no verifier.
            ["code_challenge"] = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)),
            ["code_challenge_method"] = "S256",
            ["resource"] = context.Endpoint.AbsoluteUri,
            ["scope"] = context.Scope,
        });
        using var response = await context.Http.GetAsync(new Uri(url), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        var status = (int)response.StatusCode;
        if (status is < 300 or >= 400 || response.Headers.Location is not { } location)
        {
            return Fail(
                $"The authorization endpoint answers HTTP {status}, and does not send the browser to Entra ID.",
                "Look at the server's log.");
        }

        var target = new Uri(metadata.AuthorizationEndpoint, location);
        if (EntraPage.FindIssuer(target, context.Endpoint) is not { } issuer)
        {
            var error = HttpUtility.ParseQueryString(target.Query);
            return target.AbsoluteUri.StartsWith(Redirect, StringComparison.Ordinal)
                ? Fail(
                    $"The server refuses a client: {Excerpt.Of($"{error["error"]}: {error["error_description"]}")}",
                    "Look at the server's log.")
                : Fail(
                    $"The server sends the browser to {Excerpt.Of(target.GetLeftPart(UriPartial.Path))}, which is not Entra ID.",
                    "Check RemoteMcp:Auth:Instance. Do not sign in to a server that you do not know.");
        }

        (context.EntraPage, context.EntraIssuer) = (target, issuer);
        return metadata.ReadsClientDocuments
            ? new(Verdict.Good, Check, DescribeClients(metadata))
            : new(
                Verdict.Warning, Check, DescribeClients(metadata),
                "The metadata has no client_id_metadata_document_supported. Use the current version of the server.");
    }

    private static string DescribeClients(AuthorizationServerMetadata metadata) =>
        "Clients sign in with the URL alone. "
        + $"Clients with a metadata document (Claude, ChatGPT, VS Code): {(metadata.ReadsClientDocuments ? "yes" : "no")}. "
        + $"Clients that register (Cursor, mcp-remote, Inspector): {(metadata.RegistrationEndpoint is null ? "no" : "yes")}.";

    private static Finding Fail(string detail, string remedy) => new(Verdict.Bad, Check, detail, remedy);
}
