using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using RemoteMcp.Emulators.Directories;

namespace RemoteMcp.Emulators.Azure;

/// <summary>Creates errors as Key Vault does (https://learn.microsoft.com/azure/key-vault/general/rest-error-codes).</summary>
internal static class KeyVaultAnswers
{
    public static IResult Error(int status, string code, string message, string? inner = null)
    {
        var error = new Dictionary<string, object> { ["code"] = code, ["message"] = message };
        if (inner is not null)
        {
            error["innererror"] = new Dictionary<string, object> { ["code"] = inner };
        }
        return AzureAnswers.Json(status, new Dictionary<string, object> { ["error"] = error });
    }

    public static IResult BadParameter(string message) => Error(StatusCodes.Status400BadRequest, "BadParameter", message);

    /// <summary>401 with the challenge that names the tenant and the resource.</summary>
    public static IResult Unauthorized(string code, string message) => new Challenge(Error(
        StatusCodes.Status401Unauthorized,
        "Unauthorized",
        code == "AuthenticationFailed" ? "AKV10000: Request is missing a Bearer or PoP token." : "AKV10022: " + message));

    private sealed class Challenge(IResult inner) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var entra = httpContext.RequestServices.GetRequiredService<EmulatorAddresses>().Entra;
            httpContext.Response.Headers.WWWAuthenticate =
                $"Bearer authorization=\"{entra}{SampleDirectory.ContosoId}\", resource=\"https://vault.azure.net\"";
            return inner.ExecuteAsync(httpContext);
        }
    }
}
