"""The desk asks, the worker releases; the exact counts are kept by release."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('offices', '0001_initial'),
        ('results', '0002_immutable'),
        ('rounds', '0002_products_and_freeze'),
    ]

    operations = [
        migrations.CreateModel(
            name='AskedRelease',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', models.CharField(max_length=7)),
                ('asked_at', models.DateTimeField()),
                ('state', models.CharField(default='waiting', max_length=12)),
                ('begun_at', models.DateTimeField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='basis',
            name='one_basis',
        ),
        migrations.AddField(
            model_name='basis',
            name='number',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddConstraint(
            model_name='basis',
            constraint=models.UniqueConstraint(fields=('round_id', 'period', 'number'), name='one_basis_a_release'),
        ),
        migrations.AddField(
            model_name='askedrelease',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='offices.member'),
        ),
        migrations.AddField(
            model_name='askedrelease',
            name='release',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='results.release'),
        ),
        migrations.AddField(
            model_name='askedrelease',
            name='round',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rounds.round'),
        ),
        migrations.AddConstraint(
            model_name='askedrelease',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('round', 'period'), name='one_asking_at_a_time'),
        ),
    ]
