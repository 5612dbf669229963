using Microsoft.Extensions.Options;
using RemoteMcp.AuthorizationServer.Clients;
using RemoteMcp.Configuration;

namespace RemoteMcp.AuthorizationServer;

internal sealed class AuthorizationServerOptionsValidator : IValidateOptions<AuthorizationServerOptions>
{
    public ValidateOptionsResult Validate(string? name, AuthorizationServerOptions options)
    {
        var errors = new SettingErrors(AuthorizationServerOptions.Section);
        errors.RequireRange(
            nameof(options.AccessTokenLifetime), options.AccessTokenLifetime, TimeSpan.FromMinutes(1), TimeSpan.FromHours(1));
        errors.RequireRange(
            nameof(options.RefreshTokenLifetime), options.RefreshTokenLifetime, TimeSpan.FromHours(1), TimeSpan.FromDays(90));
        foreach (var entry in options.AllowedRedirects)
        {
            if (!RedirectPolicy.IsEntry(entry))
            {
                errors.Add(
                    nameof(options.AllowedRedirects),
                    $"contains '{entry}'. List host names such as tools.contoso.com, or schemes of apps with their colon such as myapp:.");
            }
        }

        if (!string.IsNullOrWhiteSpace(options.CertificatePath) && !File.Exists(options.CertificatePath))
        {
            errors.Add(
                nameof(options.CertificatePath),
                $"is '{options.CertificatePath}'. Set it to the path of an existing PEM or PFX file, or remove it.");
        }

        return errors.ToResult();
    }
}
