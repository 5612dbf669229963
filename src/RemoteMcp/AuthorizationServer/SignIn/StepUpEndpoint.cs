using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.DataProtection;

namespace RemoteMcp.AuthorizationServer.SignIn;

/// <summary>
/// Sends a person to Entra ID for a step that Conditional Access requires for an API that a tool calls, such as multifactor authentication.
/// The link is in the error that the tool returns. Afterwards, the grant has a sign-in with this step.
/// </summary>
internal sealed class StepUpEndpoint(SignInFlow flow, SignInPages pages, KeyRing ring, IOptions<AuthOptions> auth, TimeProvider time)
{
    private const string Parameter = "step";

    private static readonly TimeSpan s_lifetime = TimeSpan.FromHours(1);

    private readonly FleetProtector _protector = ring.Protector("RemoteMcp.AuthorizationServer.StepUp");

    /// <summary>Returns the URL of the page, relative to the issuer.</summary>
    /// <param name="grant">The grant of the caller.</param>
    /// <param name="claims">The claims challenge.</param>
    /// <param name="cancellationToken">The token that stops the wait.</param>
    public async ValueTask<string> CreatePathAsync(string grant, string claims, CancellationToken cancellationToken)
    {
        var step = new StepUp(grant, claims, time.GetUtcNow() + s_lifetime);
        var text = await _protector.SealAsync(step, StepUpJson.Default.StepUp, cancellationToken);
        return $"{AuthorizationServerPaths.StepUp}?{Parameter}={text}";
    }

    public async Task InvokeAsync(HttpContext context)
    {
        if (await _protector.TryOpenAsync(context.Request.Query[Parameter], StepUpJson.Default.StepUp, context.RequestAborted)
            is not { } step || step.ExpiresAt <= time.GetUtcNow())
        {
            await pages.WriteStaleAsync(context);
            return;
        }

        await flow.RedirectAsync(
            context,
            new SignInStart(SignInPurpose.StepUp, [auth.Value.RequiredScope]) { Grant = step.Grant },
            claims: step.Claims);
    }
}

/// <summary>A step that a person must complete.</summary>
/// <param name="Grant">The grant.</param>
/// <param name="Claims">The claims challenge.</param>
/// <param name="ExpiresAt">The time when the link expires.</param>
internal sealed record StepUp(string Grant, string Claims, DateTimeOffset ExpiresAt);

/// <summary>Serializes steps without reflection.</summary>
[JsonSerializable(typeof(StepUp))]
internal sealed partial class StepUpJson : JsonSerializerContext;
