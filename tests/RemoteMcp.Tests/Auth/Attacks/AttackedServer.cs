using System.Net;
using RemoteMcp.Testing.Http;
using Xunit;

namespace RemoteMcp.Tests.Auth.Attacks;

/// <summary>Provides one server for all attacks in a table. No attack changes the server.</summary>
public sealed class AttackedServer : EmulatedSignIn
{
    /// <summary>Sends a token and asserts that the server refuses it.</summary>
    internal async Task AssertRefusesAsync(string token, HttpStatusCode status, string error)
    {
        using var response = await SendAsync(Messages.PostStateless(Messages.StatelessListTools), token);

        await AssertRefusedAsync(response, status, error);
    }

    /// <summary>
    /// Asserts that a refusal has the right status, a challenge with the resource metadata, and a JSON-RPC error, and discloses no
    /// internals.
    /// </summary>
    internal async Task AssertRefusedAsync(HttpResponseMessage response, HttpStatusCode status, string? error)
    {
        var body = await response.Content.ReadAsStringAsync(Cancelled);
        Assert.True(status == response.StatusCode, $"{(int)response.StatusCode} {body}");
        var challenge = Assert.Single(response.Headers.GetValues("WWW-Authenticate"));
        Assert.StartsWith(
            error is null ? "Bearer resource_metadata=" : $"Bearer error=\"{error}\", error_description=\"",
            challenge,
            StringComparison.Ordinal);
        Assert.Contains($"resource_metadata=\"{Server.Url}.well-known/oauth-protected-resource/mcp\"", challenge, StringComparison.Ordinal);
        Assert.Contains("/Mcp.Use\"", challenge, StringComparison.Ordinal);
        Assert.Contains("\"error\":{\"code\":-32000,", body, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", body, StringComparison.Ordinal);
        Assert.DoesNotContain("IDX", body + challenge, StringComparison.Ordinal);
    }
}
