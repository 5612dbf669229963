using Microsoft.Extensions.Options;

namespace RemoteMcp.Configuration;

internal sealed class StdioOptionsValidator : IValidateOptions<StdioOptions>
{
    public ValidateOptionsResult Validate(string? name, StdioOptions options)
    {
        var errors = new SettingErrors(StdioOptions.Section);
        errors.RequireRange(nameof(options.EndOfInputGrace), options.EndOfInputGrace, TimeSpan.Zero, TimeSpan.FromMinutes(10));
        return errors.ToResult();
    }
}
