using Microsoft.Extensions.Options;

namespace RemoteMcp.Configuration;

internal sealed class RemoteMcpOptionsValidator : IValidateOptions<RemoteMcpOptions>
{
    private const int MaxNameLength = 64;
    private const int MaxInstructionsLength = 4000;

    public ValidateOptionsResult Validate(string? name, RemoteMcpOptions options)
    {
        var errors = new SettingErrors(RemoteMcpOptions.Section);
        if (options.Name is not { Length: > 0 and <= MaxNameLength })
        {
            errors.Add(nameof(options.Name), $"is '{options.Name}'. Set it to a name of 1 to {MaxNameLength} characters.");
        }

        if (options.Instructions is { Length: > MaxInstructionsLength and var length })
        {
            errors.Add(
                nameof(options.Instructions),
                $"has {length} characters. Set it to a text of at most {MaxInstructionsLength} characters.");
        }

        if (!string.IsNullOrEmpty(options.PublicUrl) && !IsPublicUrl(options.PublicUrl))
        {
            errors.Add(
                nameof(options.PublicUrl),
                $"is '{options.PublicUrl}'. Set it to the absolute https URL that clients use, without query, fragment, or spaces, "
                + $"and without {RemoteMcpOptions.McpPath}, e.g. https://tools.contoso.com (http only for a loopback host).");
        }

        return errors.ToResult();
    }

    private static bool IsPublicUrl(string value) =>
        SettingErrors.IsUrlText(value)
        && Uri.TryCreate(value, UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
        && url.Query.Length == 0 && url.Fragment.Length == 0 && url.UserInfo.Length == 0 && url.Port > 0
        && !url.AbsolutePath.TrimEnd('/').EndsWith(RemoteMcpOptions.McpPath, StringComparison.OrdinalIgnoreCase);
}
