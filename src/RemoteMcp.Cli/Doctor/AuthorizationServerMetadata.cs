using System.Text.Json;

namespace RemoteMcp.Cli.Doctor;

/// <summary>Represents what a client needs from the metadata of an authorization server (RFC 8414).</summary>
/// <param name="Issuer">The issuer.</param>
/// <param name="AuthorizationEndpoint">The URL that the browser opens.</param>
/// <param name="TokenEndpoint">The URL that issues tokens.</param>
/// <param name="RegistrationEndpoint">The URL where clients register (RFC 7591), or null if they cannot.</param>
/// <param name="ChallengeMethods">The code challenge methods (RFC 7636), separated by commas.</param>
/// <param name="HasPublicClients">A value that indicates whether clients without a secret can get tokens.</param>
/// <param name="ReadsClientDocuments">A value that indicates whether the client id can be the URL of a metadata document.</param>
/// <param name="ReturnsIssuer">A value that indicates whether responses name the issuer (RFC 9207).</param>
internal sealed record AuthorizationServerMetadata(
    string Issuer,
    Uri AuthorizationEndpoint,
    Uri TokenEndpoint,
    Uri? RegistrationEndpoint,
    string ChallengeMethods,
    bool HasPublicClients,
    bool ReadsClientDocuments,
    bool ReturnsIssuer)
{
    private const string Update = "Use the current version of the server.";

    /// <summary>Returns the URL of the metadata of an issuer (RFC 8414, section 3.1).</summary>
    public static Uri UrlOf(Uri issuer) => new(issuer, "/.well-known/oauth-authorization-server" + issuer.AbsolutePath.TrimEnd('/'));

    /// <summary>Reads a document.</summary>
    /// <exception cref="Exception">The document is not as expected (<see cref="CheckContext.IsUnreadable"/>).</exception>
    public static AuthorizationServerMetadata Read(JsonElement document) => new(
        document.GetProperty("issuer").GetString() ?? "",
        new Uri(document.GetProperty("authorization_endpoint").GetString()!),
        new Uri(document.GetProperty("token_endpoint").GetString()!),
        document.TryGetProperty("registration_endpoint", out var registration) ? new Uri(registration.GetString()!) : null,
        string.Join(", ", Texts(document, "code_challenge_methods_supported")),
        Texts(document, "token_endpoint_auth_methods_supported").Contains("none"),
        IsTrue(document, "client_id_metadata_document_supported"),
        IsTrue(document, "authorization_response_iss_parameter_supported"));

    /// <summary>Returns the first problem that prevents a sign-in or makes it unsafe, with its remedy.</summary>
    public (string Problem, string Remedy)? FindProblem(CheckContext context)
    {
        // RFC 8414, section 3.3: the values must be identical.
        if (Issuer != context.Issuer!.OriginalString)
        {
            return (
                $"The metadata names the issuer {Excerpt.Of(Issuer)}, but the resource metadata names "
                    + $"{Excerpt.Of(context.Issuer.OriginalString)}. Clients refuse this (RFC 8414, section 3.3).",
                "Set RemoteMcp:PublicUrl to the URL that people use, without /mcp.");
        }

        foreach (var endpoint in (Uri?[])[AuthorizationEndpoint, TokenEndpoint, RegistrationEndpoint])
        {
            if (endpoint is not null && !context.Origins.IsOwn(endpoint))
            {
                return (
                    $"The metadata refers to another server: {Excerpt.Of(endpoint.ToString())}.",
                    "Do not sign in to this server, unless you know that the other server belongs to it.");
            }
        }

        return this switch
        {
            { ChallengeMethods: not "S256" } => (
                $"The metadata has the code challenge methods '{Excerpt.Of(ChallengeMethods)}'. It must have only S256.", Update),
            { HasPublicClients: false } => ("Clients without a secret cannot sign in (token_endpoint_auth_methods_supported).", Update),
            { ReturnsIssuer: false } => ("Responses do not name the issuer (RFC 9207), so clients cannot detect a mix-up attack.", Update),
            _ => null,
        };
    }

    private static List<string> Texts(JsonElement document, string name) => document.TryGetProperty(name, out var texts)
        ? [.. texts.EnumerateArray().Select(static text => text.GetString() ?? "")]
        : [];

    private static bool IsTrue(JsonElement document, string name) =>
        document.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}
