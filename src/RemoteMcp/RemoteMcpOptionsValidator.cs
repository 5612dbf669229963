using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace RemoteMcp;

internal sealed class RemoteMcpOptionsValidator : IValidateOptions<RemoteMcpOptions>
{
    public ValidateOptionsResult Validate(string? name, RemoteMcpOptions options)
    {
        var problems = new List<string>();
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        foreach (var result in results)
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"{RemoteMcpOptions.Section}:{result.MemberNames.FirstOrDefault()}: {result.ErrorMessage}"));
        }

        if (!string.IsNullOrEmpty(options.PublicUrl)
            && (!Uri.TryCreate(options.PublicUrl, UriKind.Absolute, out var url)
                || (url.Scheme != Uri.UriSchemeHttps && !(url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
                || url.Query.Length > 0 || url.Fragment.Length > 0 || url.UserInfo.Length > 0))
        {
            problems.Add($"RemoteMcp:PublicUrl is '{options.PublicUrl}'. Set it to the absolute https URL that clients use, without query or fragment "
                + "and without /mcp, e.g. https://tools.contoso.com (http only for a loopback host).");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
