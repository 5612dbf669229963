using Microsoft.Extensions.Options;

namespace RemoteMcp.Elicitation;

internal sealed class ElicitationOptionsValidator : IValidateOptions<ElicitationOptions>
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    public ValidateOptionsResult Validate(string? name, ElicitationOptions options) =>
        options.StateLifetime >= Shortest && options.StateLifetime <= Longest
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"{ElicitationOptions.Section}:StateLifetime is {options.StateLifetime}. Set it to a time from {Shortest} to {Longest}.");
}
