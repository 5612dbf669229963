using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using RemoteMcp.Emulators.Directories;

namespace RemoteMcp.Emulators.Entra.Authorize;

/// <summary>
/// The endpoint at which a device requests a code, and the page on which a user enters the code
/// (https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code).
/// </summary>
internal sealed class DeviceEndpoints(
    EntraDirectory directory, GrantStore grants, SignIn signIn, EmulatorAddresses addresses, EmulatorClock clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/{tenant}/oauth2/v2.0/devicecode", (string tenant, HttpContext context, DeviceEndpoints endpoints) =>
            endpoints.StartAsync(tenant, context));
        routes.MapMethods("/devicelogin", ["GET", "POST"], (HttpContext context, DeviceEndpoints endpoints) =>
            endpoints.EnterAsync(context));
    }

    private async Task<IResult> StartAsync(string segment, HttpContext context)
    {
        // Entra allows /organizations in this request. The emulator does not, because it needs the tenant before the user signs in.
        var tenant = directory.TryFindTenant(segment, out var found) ? found
            : throw (EntraDirectory.IsMultiTenantSegment(segment) ? Refusals.NoTenant() : Refusals.UnknownTenant(segment));
        var parameters = await RequestParameters.ReadAsync(context.Request, formOnly: true);
        var clientId = parameters.Require("client_id");
        var client = directory.FindClient(clientId, tenant) ?? throw Refusals.UnknownApplication(clientId, tenant.DisplayName);
        var scopes = RequestedScopes.Parse(parameters.Require("scope"), parameters["resource"], client, tenant, directory);
        var code = grants.AddDeviceCode(tenant, client, scopes);
        var page = new Uri(addresses.Entra, "devicelogin").ToString();
        return Results.Json(new
        {
            user_code = code.UserCode,
            device_code = code.Code,
            verification_uri = page,
            expires_in = (int)Lifetime.TotalSeconds,
            interval = 5,
            message = $"To sign in, use a web browser to open the page {page} and enter the code {code.UserCode} to authenticate.",
        });
    }

    private async Task EnterAsync(HttpContext context)
    {
        var parameters = await RequestParameters.ReadAsync(context.Request);
        if (grants.FindDeviceCodeOfUser(parameters["otc"]) is not { } code)
        {
            await Page.WriteAsync(
                context, "Enter code", "<form><label>Code <input name=\"otc\" autofocus></label> <button>Next</button></form>");
            return;
        }
        try
        {
            if (parameters["decision"] == "cancel")
            {
                code.Declined = true;
            }
            else if (code.Tenant.FindUser(parameters["user"]) is { } user)
            {
                code.Approved = signIn.Start(code.Tenant, user, code.Client, code.Scopes);
            }
            else
            {
                await Page.WriteSignInAsync(context, code.Client, code.Tenant.Users, code.Scopes);
                return;
            }
            await Page.WriteAsync(context, "Done", "<p>You may close this window.</p>");
        }
        catch (Refusal exception)
        {
            await Page.WriteErrorAsync(context, exception.ToBody(context, clock), exception.Message);
        }
    }
}
