using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Identity.Client;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.ManagedIdentity;

namespace RemoteMcp.Auth.OnBehalfOf;

/// <summary>
/// Converts the errors that Entra ID returns for a token exchange to messages. A message states what the user, the administrator, or the
/// operator must do. For the error numbers, see https://learn.microsoft.com/entra/identity-platform/reference-error-codes.
/// </summary>
internal sealed partial class ExchangeErrors(
    IOptions<AuthOptions> auth, IOptions<AppCredentialOptions> identity, ILogger<ExchangeErrors> logger)
{
    private const string AllScopes = "/.default";

    private static readonly TimeSpan s_defaultRetryAfter = TimeSpan.FromSeconds(10);

    /// <summary>Returns the error for a server without a managed identity.</summary>
    public CloudAccessException NoCredential() => new(CloudAccessProblem.NotConfigured,
        "This tool acts on behalf of the caller. For this, the server needs a managed identity, but it has none. "
        + $"Tell the server's operator to run the server on Azure or to set {AppCredentialOptions.Section}:ClientId, "
        + $"and to {HowToAddFederatedCredential()}");

    /// <summary>Returns the error for a principal that does not hold the token of the caller.</summary>
    public static CloudAccessException NoToken() => new(CloudAccessProblem.TokenNotAtHand,
        "This tool acts on behalf of the caller, but it did not receive the caller's token. Call the tool again. "
        + "If that does not help, connect with Streamable HTTP instead of HTTP+SSE.");

    /// <summary>Returns the error for an exception of Microsoft.Identity.Web, and logs it.</summary>
    public CloudAccessException Explain(Exception failure, string[] scopes)
    {
        var entra = Find<MsalServiceException>(failure);
        var apis = string.Join(
            " and ",
            scopes.Select(static scope => scope.EndsWith(AllScopes, StringComparison.Ordinal) ? scope[..^AllScopes.Length] : scope));
        var explained = entra is null ? ExplainWithoutResponse(failure)
            : entra.ErrorCode.StartsWith("managed_identity", StringComparison.Ordinal) ? NoAssertion(failure)
            : Explain(EntraErrors.NumberOf(entra), entra, apis, failure);
        LogRefused(
            apis,
            explained.Problem,
            entra is null ? failure.GetType().Name : EntraErrors.ReferenceOf(entra),
            explained.Problem is CloudAccessProblem.NotConfigured or CloudAccessProblem.Refused ? failure : null);
        return explained;
    }

    private CloudAccessException Explain(int code, MsalServiceException entra, string apis, Exception failure) => code switch
    {
        65001 or 65004 or 90094 or 90095 => new(
            CloudAccessProblem.ConsentMissing,
            $"This server has no consent yet to use {apis} on your behalf. An administrator consents once for all users, on a page of "
            + "Microsoft Entra ID. Open the page yourself, or send it to your administrator. Then call the tool again.",
            AdminConsentPage(),
            failure),
        50105 or 501051 => new(
            CloudAccessProblem.NotAssigned,
            "Your organization lets only assigned users use this application, and you are not assigned. Ask your administrator to assign "
            + $"you in Microsoft Entra ID > Enterprise applications > the application of this server ({auth.Value.ClientId}) or of "
            + $"{apis} > Users and groups. Then call the tool again. ({EntraErrors.ReferenceOf(entra)})",
            inner: failure),
        50072 or 50074 or 50076 or 50079 or 50097 or 50158 or 53000 or 53001 => new(
            CloudAccessProblem.SignInAgain,
            $"Your organization requires an additional step, such as multi-factor authentication or a managed device, to use {apis}. "
            + "Sign out of this server in your client, sign in again with this step, and call the tool again. "
            + "If you are not asked for this step, your administrator must apply the same Conditional Access policy to this server's "
            + $"application ({auth.Value.ClientId}). ({EntraErrors.ReferenceOf(entra)})",
            inner: failure),
        (>= 53002 and <= 53099) or (>= 530001 and <= 530099) => new(
            CloudAccessProblem.Blocked,
            "A Conditional Access policy of your organization blocks this access, and signing in again does not help. "
            + $"Ask your administrator, and include this reference: {EntraErrors.ReferenceOf(entra)}.",
            inner: failure),
        50013 or 50089 or 50173 or 70008 or 70043 or 500133 or 700082 => new(
            CloudAccessProblem.SignInAgain,
            "Your sign-in is no longer valid for this access. Sign out of this server in your client, sign in again, and call the tool "
            + $"again. ({EntraErrors.ReferenceOf(entra)})",
            inner: failure),
        50027 or 70021 or 500131 or 700016 or 700024 or 700027 or (>= 700211 and <= 700229) or 7000215 or 7000218 or 7000222 => new(
            CloudAccessProblem.NotConfigured,
            "Microsoft Entra ID does not accept this server's managed identity as a credential of its application. "
            + $"Tell the server's operator to {HowToAddFederatedCredential()} ({EntraErrors.ReferenceOf(entra)})",
            inner: failure),
        70011 or 500011 or 650052 or 650053 or 650057 => new(
            CloudAccessProblem.NotConfigured,
            $"Microsoft Entra ID does not know {apis} in your organization, or this server's application does not list it. "
            + $"Tell the server's operator to add it to the API permissions of the application {auth.Value.ClientId}. "
            + $"({EntraErrors.ReferenceOf(entra)})",
            inner: failure),
        _ when entra.StatusCode is 429 or >= 500 || entra.IsRetryable => TryAgainLater(entra.Headers?.RetryAfter?.Delta, failure),
        _ => new(
            CloudAccessProblem.Refused,
            "Microsoft Entra ID refuses access on your behalf. Ask your administrator, and include this reference: "
            + $"{EntraErrors.ReferenceOf(entra)}.",
            inner: failure),
    };

    // Entra ID has sent no error. Either it did not respond, or the managed identity failed before the exchange.
    private CloudAccessException ExplainWithoutResponse(Exception failure) =>
        Find<HttpRequestException>(failure) is null && Find<OperationCanceledException>(failure) is null
            ? NoAssertion(failure)
            : TryAgainLater(null, failure);

    private CloudAccessException NoAssertion(Exception failure) => new(
        CloudAccessProblem.NotConfigured,
        "This server got no assertion from its managed identity. Try again in a minute. If that does not help, tell the server's operator "
            + $"to assign the identity to the app, and to {HowToAddFederatedCredential()}",
        inner: failure);

    private static CloudAccessException TryAgainLater(TimeSpan? retryAfter, Exception failure) => new(
        CloudAccessProblem.Unavailable,
        string.Create(CultureInfo.InvariantCulture, $"The sign-in service does not answer at the moment, or it asks the server to wait. "
            + $"Try again in {Math.Ceiling((retryAfter ?? s_defaultRetryAfter).TotalSeconds)} s."),
        inner: failure);

    // "https://login.microsoftonline.com/{organization}/adminconsent?client_id={client-id}"; the page shows the requested permissions.
    // (https://learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent)
    private Uri AdminConsentPage() =>
        new($"{auth.Value.Instance.TrimEnd('/')}/{auth.Value.TenantId}/adminconsent?client_id={auth.Value.ClientId}");

    // The rest of a sentence that begins with "Tell the server's operator to".
    private string HowToAddFederatedCredential() =>
        $"add a federated credential to the app registration {auth.Value.ClientId} with the issuer "
        + $"{auth.Value.Instance.TrimEnd('/')}/{auth.Value.TenantId}/v2.0, with the object id (not the client id) of the managed identity "
        + $"{identity.Value.ClientId ?? "of the app"} as the subject, and with the audience {identity.Value.TokenExchangeUrl}.";

    private static T? Find<T>(Exception? failure)
        where T : Exception
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            if (failure is T found)
            {
                return found;
            }
        }

        return null;
    }

    [LoggerMessage(Microsoft.Extensions.Logging.LogLevel.Warning, "The server got no token on behalf of a caller for {Scopes}: {Problem} "
        + "({Reference}).")]
    private partial void LogRefused(string scopes, CloudAccessProblem problem, string reference, Exception? failure);
}
