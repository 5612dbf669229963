using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using RemoteMcp.Emulators.Directories;

namespace RemoteMcp.Emulators.Entra.Token;

/// <summary>Finds the client of a token request and checks its credential: a secret (post or basic) or an assertion.</summary>
internal sealed class ClientAuthentication(EntraDirectory directory, FederatedAssertions assertions)
{
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    public async Task<(Application Client, ClientProof Proof)> AuthenticateAsync(
        HttpRequest request, RequestParameters parameters, Tenant? tenant, string segment)
    {
        var (basicId, basicSecret) = ReadBasic(request);
        var assertion = parameters["client_assertion"];
        // RFC 7523 section 3 allows a request without a client ID if it has an assertion, but Entra requires the parameter.
        var clientId = basicId ?? parameters.Require("client_id");
        var client = directory.FindClient(clientId, tenant) ?? throw Refusals.UnknownApplication(clientId, tenant?.DisplayName ?? segment);
        if ((basicSecret ?? parameters["client_secret"]) is { } secret)
        {
            return client.Secrets.Any(valid => Equal(valid, secret))
                ? (client, ClientProof.Secret)
                : throw ClientRefusals.WrongSecret(client);
        }
        if (assertion is null)
        {
            return (client, ClientProof.None);
        }
        var type = parameters.Require("client_assertion_type");
        if (type != AssertionType)
        {
            throw ClientRefusals.UnknownAssertionType(type);
        }
        await assertions.CheckAsync(assertion, client);
        return (client, ClientProof.Assertion);
    }

    // RFC 6749 section 2.3.1: ID and secret are form-encoded before they are joined.
    private static (string? Id, string? Secret) ReadBasic(HttpRequest request)
    {
        const string Scheme = "Basic ";
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return (null, null);
        }
        var bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[Scheme.Length..].Trim(), bytes, out var length))
        {
            throw Refusals.Malformed();
        }
        var parts = Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2);
        return parts.Length == 2 ? (Uri.UnescapeDataString(parts[0]), Uri.UnescapeDataString(parts[1])) : throw Refusals.Malformed();
    }

    private static bool Equal(string valid, string given) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(valid), Encoding.UTF8.GetBytes(given));
}
