using Azure.Identity;
using Microsoft.Identity.Client;
using RemoteMcp.Auth.OnBehalfOf;

namespace RemoteMcp.AuthorizationServer.Upstream;

/// <summary>Converts the failures of a sign-in at Entra ID to messages for the person, and decides whether the sign-in has ended.</summary>
internal static class UpstreamErrors
{
    /// <summary>Returns the error for an exception of MSAL or of the credential.</summary>
    public static UpstreamException Explain(Exception exception) => exception switch
    {
        MsalUiRequiredException interaction => new UpstreamException(
            UpstreamProblem.SignInRequired, "Entra ID requires a new sign-in.", EntraErrors.ReferenceOf(interaction), interaction)
        { Claims = interaction.Claims },
        MsalServiceException service when service.StatusCode is 429 or >= 500 || service.IsRetryable => new(
            UpstreamProblem.Unavailable, "Entra ID does not respond.", EntraErrors.ReferenceOf(service), service),
        MsalServiceException { ErrorCode: "invalid_client" or "unauthorized_client" or "invalid_request" } service => new(
            UpstreamProblem.NotConfigured,
            "Entra ID does not accept this server. The people who run the server must check its app registration.",
            EntraErrors.ReferenceOf(service),
            service),
        // A proxy or firewall can respond instead of Entra ID. Only the errors that MSAL knows mean that the person must sign in.
        MsalServiceException service => new(
            UpstreamProblem.NotConfigured, "Entra ID refused the request of this server.", EntraErrors.ReferenceOf(service), service),
        AuthenticationFailedException or MsalClientException => NoCredential(exception),
        _ => new(UpstreamProblem.Unavailable, "Entra ID does not respond.", null, exception),
    };

    /// <summary>Returns the error for a server without a credential.</summary>
    public static UpstreamException NoCredential(Exception? inner) => new(
        UpstreamProblem.NotConfigured,
        "This server has no credential for Entra ID. The people who run the server must set up its managed identity or a certificate.",
        null,
        inner);
}
