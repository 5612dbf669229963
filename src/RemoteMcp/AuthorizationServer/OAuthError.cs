using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace RemoteMcp.AuthorizationServer;

/// <summary>Represents an error of OAuth 2.0 for a client (RFC 6749, section 5.2; RFC 7591, section 3.2.2).</summary>
/// <param name="Error">The error code.</param>
/// <param name="Description">The text for the developer of the client.</param>
internal sealed record OAuthError(
    [property: JsonPropertyName("error")] string Error,
    [property: JsonPropertyName("error_description")] string Description)
{
    /// <summary>Writes the error as the response to a request.</summary>
    public static Task WriteAsync(HttpContext context, int status, string error, string description)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(
            new OAuthError(error, description), OAuthErrorJson.Default.OAuthError, "application/json", context.RequestAborted);
    }

    /// <summary>Asks the client to try again later. Nothing that the client has becomes invalid.</summary>
    public static Task WriteUnavailableAsync(HttpContext context, TimeSpan retryAfter, string description)
    {
        context.Response.Headers.RetryAfter = Math.Ceiling(retryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "temporarily_unavailable", description);
    }

    /// <summary>Refuses a request whose body the server did not accept.</summary>
    public static Task WriteRefusedAsync(HttpContext context, BadHttpRequestException exception, string error) =>
        exception.StatusCode == StatusCodes.Status503ServiceUnavailable
            ? WriteUnavailableAsync(context, TimeSpan.FromSeconds(1), exception.Message)
            : WriteAsync(context, exception.StatusCode, error, exception.Message);
}

/// <summary>Serializes errors without reflection.</summary>
[JsonSerializable(typeof(OAuthError))]
internal sealed partial class OAuthErrorJson : JsonSerializerContext;
