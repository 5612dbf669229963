using Microsoft.AspNetCore.Http;
using RemoteMcp.Emulators.Directories;

namespace RemoteMcp.Emulators.Entra;

/// <summary>Entra's refusals of client credentials, on-behalf-of assertions, and device codes.</summary>
internal static class ClientRefusals
{
    private const string WorkloadHelp = "https://learn.microsoft.com/entra/workload-id/workload-identity-federation";

    public static Refusal CredentialMissing() => Client(7000218,
        "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.");

    public static Refusal CredentialMissingForItself() =>
        Client(7000216, "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.");

    public static Refusal CredentialOfPublicClient() =>
        Client(700025, "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.");

    public static Refusal WrongSecret(Application client) => Client(7000215,
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, "
            + $"not the client secret ID, for a secret added to app '{client.ClientId}'.");

    public static Refusal UnknownAssertionType(string type) => Client(90023, $"Unsupported 'client_assertion_type' value '{type}'.");

    public static Refusal AssertionMalformed() => Client(50027, "JWT token is invalid or malformed.");

    public static Refusal CertificateUnknown(Application client) => Client(700027,
        "The certificate with identifier used to sign the client assertion is not registered on application. "
            + $"[Reason - The key was not found., Client application: '{client.ClientId}'.]");

    public static Refusal AssertionSignature() => Client(700027, "Client assertion failed signature validation.");

    public static Refusal AssertionLifetime() => Client(700024, "Client assertion is not within its valid time range.");

    public static Refusal NoFederatedIssuer(string issuer) => Client(700211, NoRecord("issuer", issuer));

    public static Refusal NoFederatedAudience(string audience) => Client(700212, NoRecord("audience", audience));

    public static Refusal NoFederatedSubject(string subject) => Client(700213, NoRecord("subject", subject));

    public static Refusal UserAssertionSignature() => new(50013, "invalid_grant",
        "Assertion failed signature validation. [Reason - The key was not found.]");

    public static Refusal UserAssertionLifetime() => new(500133, "invalid_grant",
        "Assertion is not within its valid time range. Ensure that the access token is not expired before using it for user assertion, "
            + "or request a new token.");

    public static Refusal UserAssertionAudience(string audience, Application client) => new(500131, "invalid_grant",
        "Assertion audience does not match the Client app presenting the assertion. "
            + $"The audience in the assertion was '{audience}' and the expected audience is '{client.ClientId}' or one of the Application "
            + $"Uris of this application with App ID '{client.ClientId}'({client.DisplayName}). "
            + "The downstream client must request a token for the expected audience (the application that made the OBO request) and this "
            + "application should use that token as the assertion.");

    public static Refusal UserAssertionWithoutUser(string clientId) => new(7000114, "invalid_grant",
        $"Application '{clientId}' is not allowed to make application on-behalf-of calls.");

    public static Refusal DevicePending() => new(70016, "authorization_pending",
        "OAuth 2.0 device flow error. Authorization is pending. Continue polling.");

    public static Refusal DeviceExpired() => new(70019, "expired_token", "Verification code expired.");

    public static Refusal DeviceDeclined() => new(70000, "authorization_declined",
        "OAuth 2.0 device flow error. The end user declined the request.");

    public static Refusal DeviceUnknown() => new(70018, "bad_verification_code", "Bad verification code.");

    private static string NoRecord(string what, string value) =>
        $"No matching federated identity record found for presented assertion {what} '{value}'. "
            + $"Check your federated identity credential Subject, Audience and Issuer against the presented assertion. {WorkloadHelp}";

    private static Refusal Client(int code, string text) =>
        new(code, "invalid_client", text) { Status = StatusCodes.Status401Unauthorized };
}
