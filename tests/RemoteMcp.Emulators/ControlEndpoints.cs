using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.Emulators.Entra;
using RemoteMcp.Emulators.Entra.Authorize;
using RemoteMcp.Emulators.Graph;

namespace RemoteMcp.Emulators;

/// <summary>
/// The control API of the emulator below <c>/emulator</c>, for scripts and users. Tests in the same process use <see cref="Emulator"/>. A
/// POST takes its arguments from the query.
/// </summary>
internal static class ControlEndpoints
{
    public static void MapControl(this IEndpointRouteBuilder routes)
    {
        var control = routes.MapGroup("/emulator");
        control.MapGet("", (EmulatorSettings settings) => Results.Json(settings.Values));
        control.MapGet("requests", (RequestLog log) => Results.Json(log.Counts));
        control.MapPost("clock", (double advanceSeconds, EmulatorClock clock) =>
        {
            clock.Advance(TimeSpan.FromSeconds(advanceSeconds));
            return Results.Json(new { now = clock.GetUtcNow() });
        });
        control.MapPost("keys", (SigningKeys keys, bool keepOld = true) =>
        {
            keys.Roll(keepOld);
            return Results.Json(new { keys = keys.Published.Select(key => key.KeyId) });
        });
        control.MapPost("sign-in", (SignIn signIn, SignInMode? mode, string? user) =>
        {
            signIn.Mode = mode ?? signIn.Mode;
            signIn.DefaultUser = user ?? signIn.DefaultUser;
            return Results.Json(new { mode = signIn.Mode.ToString(), user = signIn.DefaultUser });
        });
        control.MapPost("graph/throttle", (int requests, double retryAfterSeconds, GraphThrottle throttle) =>
            throttle.Throttle(requests, TimeSpan.FromSeconds(retryAfterSeconds)));
        control.MapPost("{tenant}/conditional-access", SetPolicy);
        control.MapDelete("{tenant}/consents", (string tenant, EntraDirectory directory) =>
            Find(tenant, directory).RevokeConsents());
        control.MapPost("{tenant}/users/{user}", (string tenant, string user, bool disabled, EntraDirectory directory) =>
        {
            FindUser(tenant, user, directory).Disabled = disabled;
        });
        control.MapDelete("{tenant}/users/{user}/sessions", (string tenant, string user, EntraDirectory directory, GrantStore grants) =>
            grants.RevokeSessions(FindUser(tenant, user, directory)));
    }

    private static void SetPolicy(string tenant, string resource, ConditionalAccessDecision? decision, EntraDirectory directory)
    {
        var found = Find(tenant, directory);
        var application = directory.FindResource(resource, found) ?? throw Refusals.UnknownResource(resource, found.DisplayName);
        if (decision is { } demanded)
        {
            found.ConditionalAccess[application.ClientId] = new ConditionalAccessPolicy(demanded, Guid.NewGuid().ToString());
        }
        else
        {
            found.ConditionalAccess.TryRemove(application.ClientId, out _);
        }
    }

    private static User FindUser(string tenant, string user, EntraDirectory directory)
    {
        var found = Find(tenant, directory);
        return found.FindUser(user) ?? throw Refusals.UnknownUser(user, found);
    }

    private static Tenant Find(string tenant, EntraDirectory directory) =>
        directory.TryFindTenant(tenant, out var found) ? found : throw Refusals.UnknownTenant(tenant);
}
