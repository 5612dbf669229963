using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Identity.Web;
using Microsoft.IdentityModel.JsonWebTokens;
using RemoteMcp.Emulators;
using RemoteMcp.Emulators.Directories;

namespace RemoteMcp.Tests.Emulators;

/// <summary>A web API as in the documentation of Microsoft.Identity.Web, with the emulator as Entra ID.</summary>
internal static class IdentityWebApi
{
    public static WebApplication Build(Emulator emulator, string identityClientId)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["AzureAd:Instance"] = emulator.Addresses.Entra.ToString(),
            ["AzureAd:TenantId"] = SampleDirectory.ContosoId,
            ["AzureAd:ClientId"] = SampleDirectory.ServerId,
            ["AzureAd:ClientCredentials:0:SourceType"] = "SignedAssertionFromManagedIdentity",
            ["AzureAd:ClientCredentials:0:ManagedIdentityClientId"] = identityClientId,
            // Microsoft.Identity.Web derives this value only from the host names of Microsoft's clouds.
            ["AzureAd:ClientCredentials:0:TokenExchangeUrl"] = MicrosoftApplications.TokenExchangeAudience,
        });
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme)
            .AddMicrosoftIdentityWebApi(builder.Configuration.GetSection("AzureAd"))
            .EnableTokenAcquisitionToCallDownstreamApi()
            .AddInMemoryTokenCaches();
        builder.Services.AddAuthorization();
        builder.Services.TrustEmulator(emulator);
        var api = builder.Build();
        api.UseAuthentication();
        api.UseAuthorization();
        api.MapGet("/who", (ClaimsPrincipal user) => new { oid = user.GetObjectId() }).RequireAuthorization();
        api.MapGet("/me", async (ITokenAcquisition tokens) =>
        {
            try
            {
                var token = await tokens.GetAccessTokenForUserAsync(["https://graph.microsoft.com/User.Read"]);
                using var graph = emulator.CreateClient();
                graph.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
                return Results.Json(await graph.GetFromJsonAsync<JsonElement>(new Uri(emulator.Addresses.Graph, "me")));
            }
            catch (MicrosoftIdentityWebChallengeUserException exception)
            {
                return Results.Json(new { error = exception.MsalUiRequiredException.Message }, statusCode: StatusCodes.Status403Forbidden);
            }
        }).RequireAuthorization();
        api.MapGet("/itself", async (ITokenAcquisition tokens) =>
        {
            var token = await tokens.GetAccessTokenForAppAsync("https://graph.microsoft.com/.default");
            return new { appidacr = new JsonWebToken(token).GetClaim("appidacr").Value };
        }).RequireAuthorization();
        return api;
    }
}
