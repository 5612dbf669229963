using Microsoft.Extensions.Options;
using RemoteMcp.Configuration;

namespace RemoteMcp.Elicitation;

internal sealed class ElicitationOptionsValidator : IValidateOptions<ElicitationOptions>
{
    public ValidateOptionsResult Validate(string? name, ElicitationOptions options)
    {
        var errors = new SettingErrors(ElicitationOptions.Section);
        errors.RequireRange(nameof(options.StateLifetime), options.StateLifetime, TimeSpan.FromMinutes(1), TimeSpan.FromHours(24));
        errors.RequireRange(nameof(options.AnswerTimeout), options.AnswerTimeout, TimeSpan.FromMinutes(1), TimeSpan.FromHours(24));
        return errors.ToResult();
    }
}
